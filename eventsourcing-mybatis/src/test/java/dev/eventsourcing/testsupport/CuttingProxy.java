package dev.eventsourcing.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a program and a database server, passes on what they say, and cuts a connection at a chosen word: before the
 * server hears it, or after the server has answered and before the program hears that. It may also be away for a while: cut all
 * connections and take none, or let no word pass, as a network does that loses everything.
 */
public final class CuttingProxy implements AutoCloseable {
    private final ServerSocket listening;
    private final String host;
    private final int port;
    private final Set<Conversation> open = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Cut armed;
    private volatile boolean refusing;
    private volatile boolean frozen;

    /** A proxy before a server. */
    public CuttingProxy(String host, int port) {
        this.host = host;
        this.port = port;
        try {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** Cuts the next connection that says a word, before the server hears it. */
    public void cutBefore(String word) {
        armed = new Cut(word, -1);
    }

    /**
     * Cuts the next connection that says a word, once the server has answered.
     *
     * @param passing how many answers are passed on before the one that is not
     */
    public void cutBeforeAnswer(String word, int passing) {
        armed = new Cut(word, passing);
    }

    /** Whether the cut was made that was asked for last. */
    public boolean hasCut() {
        return armed == null;
    }

    /** Cuts all connections, and from now on each that is made. */
    public void refuse() {
        refusing = true;
        cutAll();
    }

    /** Takes connections again. */
    public void admit() {
        refusing = false;
    }

    /** Cuts all connections that there are. */
    public void cutAll() {
        open.forEach(Conversation::end);
    }

    /** Passes no word on any more. */
    public void freeze() {
        frozen = true;
    }

    private void accept() throws IOException {
        while (!listening.isClosed()) {
            Socket program = listening.accept();
            if (refusing) {
                program.close();
                continue;
            }
            Conversation conversation = new Conversation(program, new Socket(host, port));
            open.add(conversation);
            if (refusing) {
                conversation.end();
            }
            start(conversation::passQuestions);
            start(conversation::passAnswers);
        }
    }

    private static void start(Passing passing) {
        Thread thread = new Thread(() -> {
            try {
                passing.run();
            } catch (IOException closed) {
                // So ends every conversation.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        cutAll();
    }

    private record Cut(String word, int passing) {
        /** PostgreSQL speaks UTF-8, H2 UTF-16. */
        boolean isIn(byte[] said, int length) {
            return isIn(said, length, StandardCharsets.UTF_8) || isIn(said, length, StandardCharsets.UTF_16BE);
        }

        private boolean isIn(byte[] said, int length, Charset charset) {
            String bytes = new String(said, 0, length, StandardCharsets.ISO_8859_1);
            return bytes.contains(new String(word.getBytes(charset), StandardCharsets.ISO_8859_1));
        }
    }

    private final class Conversation {
        private final Socket program;
        private final Socket server;
        private volatile @Nullable Cut cutting;
        private int passed;

        Conversation(Socket program, Socket server) {
            this.program = program;
            this.server = server;
        }

        void passQuestions() throws IOException {
            try {
                questions();
            } finally {
                end();
            }
        }

        void passAnswers() throws IOException {
            try {
                answers();
            } finally {
                end();
            }
        }

        private void questions() throws IOException {
            InputStream from = program.getInputStream();
            OutputStream to = server.getOutputStream();
            byte[] buffer = new byte[65_536];
            for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
                awaitThaw();
                Cut cut = armed;
                if (cut != null && cut.isIn(buffer, length)) {
                    armed = null;
                    if (cut.passing < 0) {
                        break;
                    }
                    cutting = cut;
                }
                to.write(buffer, 0, length);
                to.flush();
            }
        }

        private void answers() throws IOException {
            InputStream from = server.getInputStream();
            OutputStream to = program.getOutputStream();
            byte[] buffer = new byte[65_536];
            for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
                awaitThaw();
                Cut cut = cutting;
                if (cut != null && passed++ == cut.passing) {
                    break;
                }
                to.write(buffer, 0, length);
                to.flush();
            }
        }

        private void awaitThaw() {
            while (frozen) {
                LockSupport.park(this);
            }
        }

        /** Ends both sides, whatever has ended one of them: nobody is left waiting for an answer. */
        void end() {
            open.remove(this);
            try {
                program.close();
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Passes bytes on until there are no more. */
    private interface Passing {
        void run() throws IOException;
    }
}
