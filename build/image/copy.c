// The only program in the agent's image: copies /agent to a folder, for an init container that fills a volume. Freestanding, because the
// image has no C library and no shell; Linux on x64 and arm64.
//
//   /copy FOLDER
//
// Ends with 0 when everything is there, with 1 after a sentence on standard error when something could not be copied, with 2 when it was
// called otherwise.

typedef unsigned long word;

#if defined(__x86_64__)
enum { SYS_read = 0, SYS_write = 1, SYS_close = 3, SYS_fchmod = 91, SYS_getdents64 = 217, SYS_exit_group = 231, SYS_openat = 257, SYS_mkdirat = 258, SYS_statx = 332 };
enum { O_DIRECTORY = 0200000 };

static long call(long number, word a, word b, word c, word d, word e)
{
    long result;
    register word r10 __asm__("r10") = d;
    register word r8 __asm__("r8") = e;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8) : "rcx", "r11", "memory");
    return result;
}

__asm__(".globl _start\n_start:\n xor %ebp, %ebp\n mov %rsp, %rdi\n and $-16, %rsp\n call start\n");
#elif defined(__aarch64__)
enum { SYS_mkdirat = 34, SYS_fchmod = 52, SYS_openat = 56, SYS_close = 57, SYS_getdents64 = 61, SYS_read = 63, SYS_write = 64, SYS_exit_group = 94, SYS_statx = 291 };
enum { O_DIRECTORY = 040000 };

static long call(long number, word a, word b, word c, word d, word e)
{
    register word x8 __asm__("x8") = (word)number;
    register word x0 __asm__("x0") = a;
    register word x1 __asm__("x1") = b;
    register word x2 __asm__("x2") = c;
    register word x3 __asm__("x3") = d;
    register word x4 __asm__("x4") = e;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
    return (long)x0;
}

__asm__(".globl _start\n_start:\n mov x29, xzr\n mov x0, sp\n bl start\n");
#else
#error "Linux on x64 or arm64"
#endif

enum { AT_FDCWD = -100, AT_SYMLINK_NOFOLLOW = 0x100, STATX_TYPE_AND_MODE = 3, S_IFMT = 0170000, S_IFDIR = 0040000, O_WRONLY = 1, O_CREAT = 0100, O_TRUNC = 01000, EEXIST = 17, MAX_PATH = 4096 };

static const char source[] = "/agent";
static char from[MAX_PATH], to[MAX_PATH], buffer[1 << 16];
static long files;

static word length(const char *text)
{
    word count = 0;
    while (text[count] != 0)
        count++;
    return count;
}

static void say(const char *text)
{
    call(SYS_write, 2, (word)text, length(text), 0, 0);
}

static void say_number(long number)
{
    char digits[20];
    int at = sizeof digits;
    do
        digits[--at] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    call(SYS_write, 2, (word)(digits + at), sizeof digits - (word)at, 0, 0);
}

__attribute__((noreturn)) static void end(int code)
{
    for (;;)
        call(SYS_exit_group, (word)code, 0, 0, 0, 0);
}

static long check(long result, const char *what, const char *path)
{
    if (result >= 0)
        return result;
    say("The agent could not be copied: ");
    say(what);
    say(" ");
    say(path);
    say(" failed with error ");
    say_number(-result);
    say(result == -13 || result == -1 ? " (no permission)" : result == -30 ? " (read-only file system)" : result == -28 ? " (no space left)" : result == -2 ? " (no such folder)" : "");
    say(".\n");
    end(1);
}

// Appends "/NAME"; returns where to cut it off again.
static word append(char *path, const char *name)
{
    word end_of_path = length(path), size = length(name);
    if (end_of_path + size + 2 > MAX_PATH)
        check(-36, "a path that is too long,", path);
    path[end_of_path] = '/';
    for (word i = 0; i <= size; i++)
        path[end_of_path + 1 + i] = name[i];
    return end_of_path;
}

// Its type and permissions.
static unsigned mode_of(const char *path)
{
    struct { unsigned mask, block; unsigned long attributes; unsigned links, owner, group; unsigned short mode; char rest[256]; } status;
    check(call(SYS_statx, (word)AT_FDCWD, (word)path, AT_SYMLINK_NOFOLLOW, STATX_TYPE_AND_MODE, (word)&status), "reading", path);
    return status.mode;
}

static void copy_file(unsigned mode)
{
    long in = check(call(SYS_openat, (word)AT_FDCWD, (word)from, 0, 0, 0), "reading", from);
    long out = check(call(SYS_openat, (word)AT_FDCWD, (word)to, O_WRONLY | O_CREAT | O_TRUNC, 0644, 0), "writing", to);
    for (long count; (count = check(call(SYS_read, (word)in, (word)buffer, sizeof buffer, 0, 0), "reading", from)) > 0;)
        for (long done = 0; done < count;)
            done += check(call(SYS_write, (word)out, (word)(buffer + done), (word)(count - done), 0, 0), "writing", to);
    check(call(SYS_fchmod, (word)out, mode & 0777, 0, 0, 0), "writing", to);
    call(SYS_close, (word)in, 0, 0, 0, 0);
    call(SYS_close, (word)out, 0, 0, 0, 0);
    files++;
}

static void copy_folder(void)
{
    char entries[4096];
    long folder = check(call(SYS_openat, (word)AT_FDCWD, (word)from, O_DIRECTORY, 0, 0), "reading", from);
    long made = call(SYS_mkdirat, (word)AT_FDCWD, (word)to, 0755, 0, 0);
    if (made != -EEXIST)
        check(made, "making", to);
    for (long size; (size = check(call(SYS_getdents64, (word)folder, (word)entries, sizeof entries, 0, 0), "reading", from)) > 0;)
    {
        for (long at = 0; at < size; at += *(unsigned short *)(entries + at + 16))
        {
            const char *name = entries + at + 19;
            if (name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0)))
                continue;
            word from_end = append(from, name), to_end = append(to, name);
            unsigned mode = mode_of(from);
            if ((mode & S_IFMT) == S_IFDIR)
                copy_folder();
            else
                copy_file(mode);
            from[from_end] = to[to_end] = 0;
        }
    }

    call(SYS_close, (word)folder, 0, 0, 0, 0);
}

// What the kernel puts on the stack: the count of arguments, then their addresses.
__attribute__((used, noreturn)) void start(word *stack)
{
    const char *target = (const char *)stack[2];
    if (stack[0] != 2 || target[0] != '/')
    {
        say("This image holds the tracing agent for ASP.NET Core in /agent.\n"
            "  in a Dockerfile:       COPY --from=IMAGE /agent /agent\n"
            "  as an init container:  /copy FOLDER   copies it to a folder (an absolute path), which a volume shares with the app\n"
            "Then set DOTNET_STARTUP_HOOKS=/agent/Agent.StartupHook.dll where the app runs.\n");
        end(2);
    }

    for (word i = 0; i < sizeof source; i++)
        from[i] = source[i];
    if (length(target) + 1 > MAX_PATH)
        check(-36, "a path that is too long,", target);
    for (word i = 0; i <= length(target); i++)
        to[i] = target[i];
    copy_folder();
    say_number(files);
    say(" files are in ");
    say(target);
    say(".\n");
    end(0);
}
