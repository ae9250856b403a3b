"""HOW results are looked at: a Dash app over the history."""
