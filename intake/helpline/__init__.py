"""When the helpline answers, told in Swedish time and in the reader's."""
