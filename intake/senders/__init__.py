"""Who wrote: the register of coordinators and the verdict on a sender."""
