package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import org.junit.jupiter.api.Test;
import training.Diplomas;
import training.TrainingSchool;
import training.TrickBoard;

class SystemDescriptionTest {
    private final EventDrivenSystem school = EventDrivenSystem.of(
            pipe(TrainingSchool.class, Diplomas.class, Mail.class),
            pipe(TrainingSchool.class, TrickBoard.class),
            pipe(Kennel.class));

    @Test
    void saysOfEachApplicationItsRoleAndItsNeighbours() {
        assertThat(school.describe()).isEqualTo("""
                        TrainingSchool  leader     followed by Diplomas, TrickBoard
                        Diplomas        processor  follows TrainingSchool; followed by Mail
                        Mail            follower   follows Diplomas
                        TrickBoard      follower   follows TrainingSchool
                        Kennel          single
                        """);
    }

    @Test
    void drawsEachRoleInAShapeOfItsOwn() {
        assertThat(school.describeAsMermaid()).isEqualTo("""
                        flowchart LR
                            application1["TrainingSchool"]
                            application2[["Diplomas"]]
                            application3(["Mail"])
                            application4(["TrickBoard"])
                            application5{{"Kennel"}}
                            application1 --> application2
                            application2 --> application3
                            application1 --> application4
                        """);
    }

    @Test
    void drawsLoops() {
        EventDrivenSystem loops = EventDrivenSystem.of(
                pipe(Diplomas.class, Mail.class, Diplomas.class), pipe(TrickBoard.class, TrickBoard.class));

        assertThat(loops.describe()).isEqualTo("""
                        Diplomas    processor  follows Mail; followed by Mail
                        Mail        processor  follows Diplomas; followed by Diplomas
                        TrickBoard  processor  follows TrickBoard; followed by TrickBoard
                        """);
        assertThat(loops.describeAsMermaid()).isEqualTo("""
                        flowchart LR
                            application1[["Diplomas"]]
                            application2[["Mail"]]
                            application3[["TrickBoard"]]
                            application1 --> application2
                            application2 --> application1
                            application3 --> application3
                        """);
    }

    @Test
    void tellsClassesOfOneSimpleNameApart() {
        EventDrivenSystem namesakes = EventDrivenSystem.of(pipe(Kennel.class, Mail.class), pipe(Branch.Kennel.class));

        assertThat(namesakes.describe()).isEqualTo("""
                        dev.eventsourcing.system.SystemDescriptionTest.Kennel         leader     followed by Mail
                        Mail                                                          follower   follows dev.eventsourcing.system.SystemDescriptionTest.Kennel
                        dev.eventsourcing.system.SystemDescriptionTest.Branch.Kennel  single
                        """);
        assertThat(namesakes.describeAsMermaid()).isEqualTo("""
                        flowchart LR
                            application1["dev.eventsourcing.system.SystemDescriptionTest.Kennel"]
                            application2(["Mail"])
                            application3{{"dev.eventsourcing.system.SystemDescriptionTest.Branch.Kennel"}}
                            application1 --> application2
                        """);
    }

    @Test
    void namesAClassWithoutANameByWhatTheCompilerCallsIt() {
        Application unnamed = new Application("Unnamed", new InMemoryRecorders()) {};
        EventDrivenSystem system = EventDrivenSystem.of(pipe(unnamed.getClass()));

        assertThat(system.describe()).isEqualTo("dev.eventsourcing.system.SystemDescriptionTest$1  single\n");
        assertThat(system.describeAsMermaid()).isEqualTo("""
                        flowchart LR
                            application1{{"dev.eventsourcing.system.SystemDescriptionTest#36;1"}}
                        """);
    }

    @Test
    void escapesWhatMermaidWouldTakeForItsOwn() {
        assertThat(SystemDescription.escaped("My_School.Äpfel2")).isEqualTo("My_School.Äpfel2");
        assertThat(SystemDescription.escaped("a \"b\" #c; <d>&`e`$$f$$\n"))
                .isEqualTo("a#32;#34;b#34;#32;#35;c#59;#32;#60;d#62;#38;#96;e#96;#36;#36;f#36;#36;#10;");
    }

    static final class Kennel extends Application {
        Kennel(RecorderFactory recorders) {
            super(recorders);
        }
    }

    static final class Branch {
        static final class Kennel extends Application {
            Kennel(RecorderFactory recorders) {
                super("BranchKennel", recorders);
            }
        }
    }

    static final class Mail extends Follower {
        Mail(RecorderFactory recorders) {
            super(recorders);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {}
    }
}
