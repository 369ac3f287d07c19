package dev.eventsourcing.testsupport;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The class path of the tests, but for a library that is optional. */
public final class MissingLibrary {
    private final String name;

    /** Makes it; the library is what has this in the name of its file. */
    public MissingLibrary(String name) {
        this.name = name;
    }

    /** What a piece of a program throws where the library is not on the class path; null if it works. */
    public @Nullable Throwable thrownBy(Class<? extends Callable<?>> piece) throws IOException {
        try (URLClassLoader without = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            var made = Class.forName(piece.getName(), true, without).getDeclaredConstructor();
            made.setAccessible(true);
            ((Callable<?>) made.newInstance()).call();
            return null;
        } catch (IOException e) {
            throw e;
        } catch (Throwable thrown) {
            return thrown;
        }
    }

    private URL[] classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !new File(entry).getName().contains(name))
                .map(MissingLibrary::url)
                .toArray(URL[]::new);
    }

    private static URL url(String entry) {
        try {
            return new File(entry).toURI().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(entry, e);
        }
    }
}
