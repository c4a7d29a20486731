"""What is measured, and the training that is measured. The product imports nothing of this."""
