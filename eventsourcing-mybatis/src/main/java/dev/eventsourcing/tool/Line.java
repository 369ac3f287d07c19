package dev.eventsourcing.tool;

/**
 * A line for people.
 *
 * @param level how grave it is
 * @param text what it says
 */
record Line(Level level, String text) {
    /** How grave a line is. */
    enum Level {
        /** For who looks into an error. */
        DEBUG,
        /** As it should be. */
        INFO,
        /** Needs a look. */
        WARN,
        /** Is wrong. */
        ERROR
    }

    static Line debug(String text) {
        return new Line(Level.DEBUG, text);
    }

    static Line info(String text) {
        return new Line(Level.INFO, text);
    }

    static Line warn(String text) {
        return new Line(Level.WARN, text);
    }

    static Line error(String text) {
        return new Line(Level.ERROR, text);
    }
}
