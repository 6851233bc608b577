"""督办: the office names what lags, the body answers with records, and who answers for it hears when time is up."""
