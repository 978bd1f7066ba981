"""What our client costs, what the emulator can bear, and how long it takes: `make bench`."""
