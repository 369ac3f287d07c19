package training;

/** How many dogs know a trick: a row of the read model. */
public record TrickCount(String trick, int dogs) {}
