package dev.eventsourcing.readme;

import com.sun.net.httpserver.HttpServer;
import dev.eventsourcing.remote.NotificationLogEndpoint;
import dev.eventsourcing.remote.NotificationLogHandler;
import dev.eventsourcing.remote.RemoteNotificationLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import training.TrainingSchool;
import training.TrickBoard;

/** A program that leads, and one that follows over HTTP. */
final class TwoPrograms {
    private TwoPrograms() {}

    static HttpServer lead(TrainingSchool school, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/log", new NotificationLogHandler(NotificationLogEndpoint.of(school)));
        server.start();
        return server;
    }

    static void follow(TrickBoard board, int port) {
        URI log = URI.create("http://127.0.0.1:" + port + "/log");
        board.follow("TrainingSchool", RemoteNotificationLog.at(log, "TrainingSchool"));
    }
}
