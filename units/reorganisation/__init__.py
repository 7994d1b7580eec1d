"""What an act of reorganisation orders, what it changes, and the register by which the floors above take part."""
