"""What can be asked: reads, whose answers are frozen values with nothing of SQL in them."""
