"""Invented forms, letters and decisions in Swedish and English, none of them from a real case."""

# Other words and another layout than the training texts of the product. Real documents vary more,
# so figures on this set say how the method does, not how well it will do on the programme's mail.
