package dev.eventsourcing.testing;

import static dev.eventsourcing.testing.Subject.CAT;
import static dev.eventsourcing.testing.Subject.DOG;
import static dev.eventsourcing.testing.Subject.event;
import static dev.eventsourcing.testing.Subject.events;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.ApplicationName;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.VersionRange;
import java.util.List;
import java.util.Random;

/** What states, topics and names may be, and that they come back as they went in. */
final class StoredForms {
    private StoredForms() {}

    static Cases<AggregateRecorder> cases() {
        return new Cases<AggregateRecorder>()
                .add("gives state back byte for byte", StoredForms::givesStateBackByteForByte)
                .add("gives topics back whatever their letters and length", StoredForms::givesTopicsBack)
                .add(
                        "accepts application names of the greatest length",
                        StoredForms::acceptsApplicationNamesOfTheGreatestLength)
                .add(
                        "refuses application names that are too long before anything is stored",
                        StoredForms::refusesApplicationNamesThatAreTooLong)
                .add("refuses application names that are none", StoredForms::refusesApplicationNamesThatAreNone);
    }

    private static void givesStateBackByteForByte(Subject<?> subject) {
        byte[] everyByte = new byte[256];
        for (int i = 0; i < everyByte.length; i++) {
            everyByte[i] = (byte) i;
        }
        byte[] mebibyte = new byte[1 << 20];
        new Random(20_261_123).nextBytes(mebibyte);
        List<StoredEvent> states = List.of(
                new StoredEvent(DOG, 1, "Empty", new byte[0]),
                new StoredEvent(DOG, 2, "EveryByte", everyByte),
                new StoredEvent(DOG, 3, "Mebibyte", mebibyte),
                new StoredEvent(DOG, 4, "Zero", new byte[] {0}));
        List<StoredEvent> onlyEmpty = List.of(new StoredEvent(CAT, 1, "Empty", new byte[0]));

        subject.insert(states);
        subject.insert(onlyEmpty);

        Check.equal("Events with their states", states, subject.events(DOG));
        Check.equal("An event whose state is empty", onlyEmpty, subject.events(CAT));
    }

    private static void givesTopicsBack(Subject<?> subject) {
        List<StoredEvent> topics = List.of(
                event(DOG, 1, "Hündin.Trick_gelernt"),
                event(DOG, 2, "犬。{\"芸\",NULL}\\"),
                event(DOG, 3, "NULL"),
                event(DOG, 4, "x".repeat(5_000)),
                event(DOG, 5, ""));

        subject.insert(topics);

        Check.equal("Events with their topics", topics, subject.events(DOG));
    }

    private static void acceptsApplicationNamesOfTheGreatestLength(Subject<?> subject) {
        for (String letter : List.of("Z", "ß", "犬")) {
            AggregateRecorder recorder = subject.recorder(letter.repeat(ApplicationName.MAX_LENGTH));

            recorder.insertEvents(events(DOG, 1, 1));

            Check.size(
                    "Events of an application whose name is " + ApplicationName.MAX_LENGTH + " times " + letter,
                    1,
                    recorder.selectEvents(DOG, VersionRange.all()));
        }
    }

    private static void refusesApplicationNamesThatAreTooLong(Subject<?> subject) {
        ConfigurationException refusal = Check.refuses(
                "A name of " + (ApplicationName.MAX_LENGTH + 1) + " characters",
                ConfigurationException.class,
                () -> subject.recorder("Z".repeat(ApplicationName.MAX_LENGTH + 1)));

        Check.names(refusal, "129", "128");
    }

    private static void refusesApplicationNamesThatAreNone(Subject<?> subject) {
        for (String name : List.of("", " ", "a b", "a'b", ".a", "a\nb")) {
            Check.refuses("The name '" + name + "'", ConfigurationException.class, () -> subject.recorder(name));
        }
    }
}
