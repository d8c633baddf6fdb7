// Writing the log of a batch in one piece.
//
// SQLite writes each page of a commit into the write-ahead log with two system calls, and a batch of 32 events
// has a hundred pages. This VFS is another, the system's own as a rule, except that consecutive writes to a log
// are gathered in memory and written when the log is synced. That changes nothing of what is durable or visible:
// with `synchronous=FULL`, and only with it, SQLite syncs the log before it lets anybody know of a commit.
#pragma once

namespace jobrun::store {

/// The name of the VFS that gathers above `base`, a registered VFS or, null, SQLite's default. The first call for
/// each base registers it. For connections that write with `synchronous=FULL`. On any thread. Throws StoreFailure
/// when there is no such base or SQLite does not take it.
const char* gathering_vfs(const char* base);

}  // namespace jobrun::store
