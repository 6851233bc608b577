"""数值: the numbers of the plan in this county; the office tries a new one on live data and sets it with a paper."""
