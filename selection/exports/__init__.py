"""What leaves the portal as files for the secretariat: what is in them (`contents`), and how it is written."""
