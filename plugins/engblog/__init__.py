"""The engine of an engineering blog whose articles prove themselves."""
