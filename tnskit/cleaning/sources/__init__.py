"""Every kind of thing that people bring, a file each: what it is called, how it is read, what is odd about it."""
