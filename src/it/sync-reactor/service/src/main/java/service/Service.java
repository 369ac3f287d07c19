package service;

import dev.eventsourcing.system.Runner;
import training.School;

public final class Service {
    private Service() {}

    public static Runner runner() {
        System.out.println(words.Words.GREETING);
        return School.runner();
    }
}
