"""From what files say to rows: what is new, what changed, what is gone."""
