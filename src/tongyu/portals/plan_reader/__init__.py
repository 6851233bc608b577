"""方案: the plan read like the paper, each obligation beside the words it rests on."""
