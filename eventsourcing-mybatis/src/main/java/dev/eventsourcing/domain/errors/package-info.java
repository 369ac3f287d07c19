/** How the library handles exceptions of code that is not its own. Not API: the library's own packages use it. */
@NullMarked
package dev.eventsourcing.domain.errors;

import org.jspecify.annotations.NullMarked;
