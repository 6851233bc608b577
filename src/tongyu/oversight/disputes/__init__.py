"""异议: a body contests a figure where it stands; a person answers, with the records."""
