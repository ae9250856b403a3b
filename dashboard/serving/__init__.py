"""How a server answers: the document, what it may do, and answers that are kept."""
