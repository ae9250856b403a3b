"""What files of results say, as arrays: read with suspicion, in workers beside the one who writes."""
