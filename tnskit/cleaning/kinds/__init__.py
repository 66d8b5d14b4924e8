"""The kinds of identifier, a file each: what a raw value means, how it may be shown, what class of value it is."""
