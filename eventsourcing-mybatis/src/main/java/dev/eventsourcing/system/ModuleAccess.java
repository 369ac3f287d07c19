package dev.eventsourcing.system;

import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;

/** What keeps this library from a constructor of the program's: its visibility, or the program's module. */
final class ModuleAccess {
    private ModuleAccess() {}

    /** What to do about a constructor that cannot be called, as a sentence without its end. */
    static String cure(Constructor<?> constructor) {
        Class<?> type = constructor.getDeclaringClass();
        return cure(type.getModule(), type.getPackageName(), isPublic(constructor), ModuleAccess.class.getModule());
    }

    /**
     * The same of a member of a package.
     *
     * @param isPublic whether the member and all classes that it is in are public
     * @param library this library's module, which is a named one if it is on the module path
     */
    static String cure(Module program, String packageName, boolean isPublic, Module library) {
        boolean reached = isPublic ? program.isExported(packageName, library) : program.isOpen(packageName, library);
        if (reached) {
            return "Make it public";
        }
        return "Its package is closed to this library: add to the module-info of " + program.getName() + ": "
                + (isPublic
                        ? "exports " + packageName + ";"
                        : "opens " + packageName + (library.isNamed() ? " to " + library.getName() : "") + ";");
    }

    private static boolean isPublic(Constructor<?> constructor) {
        boolean all = Modifier.isPublic(constructor.getModifiers());
        for (Class<?> type = constructor.getDeclaringClass(); type != null; type = type.getDeclaringClass()) {
            all &= Modifier.isPublic(type.getModifiers());
        }
        return all;
    }
}
