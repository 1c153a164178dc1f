// What Debian's libstdc++, libgcc_s and OpenSSL ask of glibc and musl does not have. With it they can be loaded into a process of musl, so that a .NET of
// linux-musl-x64, which Alpine has these libraries for, runs here (`./build.sh test-musl`). For tests only. It is named like glibc's loader, which they need.
#define _GNU_SOURCE
#include <link.h>
#include <locale.h>
#include <pthread.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <syslog.h>
#include <time.h>

// Where the unwinder finds the tables of the code that an exception passes through.
struct search { char *code; struct dl_find_object *found; };

static int look(struct dl_phdr_info *object, size_t size, void *data)
{
    struct search *search = data;
    char *start = (char *)-1, *end = 0;
    void *tables = 0;
    int isInside = 0;
    (void)size;
    for (int i = 0; i < object->dlpi_phnum; i++)
    {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        char *from = (char *)object->dlpi_addr + part->p_vaddr, *to = from + part->p_memsz;
        if (part->p_type == PT_GNU_EH_FRAME)
            tables = from;
        if (part->p_type != PT_LOAD)
            continue;
        isInside |= search->code >= from && search->code < to;
        start = from < start ? from : start;
        end = to > end ? to : end;
    }
    if (!isInside || !tables)
        return 0;
    search->found->dlfo_flags = 0;
    search->found->dlfo_map_start = start;
    search->found->dlfo_map_end = end;
    search->found->dlfo_link_map = 0;
    search->found->dlfo_eh_frame = tables;
    return 1;
}

int _dl_find_object(void *code, struct dl_find_object *found)
{
    struct search search = { code, found };
    return dl_iterate_phdr(look, &search) == 1 ? 0 : -1;
}

// Destructors of variables of a thread. The runtime gives a thread's memory back with one: without them the collector goes on with what is gone.
struct destructor { void (*run)(void *); void *object; struct destructor *next; };

static pthread_key_t destructors;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void run(void *list)
{
    for (struct destructor *item = list, *next; item; item = next)
    {
        next = item->next;
        item->run(item->object);
        free(item);
    }
}

static void make(void) { pthread_key_create(&destructors, run); }

int __cxa_thread_atexit_impl(void (*destroy)(void *), void *object, void *library)
{
    struct destructor *item = malloc(sizeof *item);
    (void)library;
    if (!item)
        return -1;
    pthread_once(&once, make);
    *item = (struct destructor) { destroy, object, pthread_getspecific(destructors) };
    return pthread_setspecific(destructors, item);
}

char __libc_single_threaded;
unsigned __cpu_model[4];
int __cpu_indicator_init(void) { return 0; }

size_t __strftime_l(char *to, size_t size, const char *format, const struct tm *time, locale_t locale) { return strftime_l(to, size, format, time, locale); }

unsigned arc4random(void)
{
    unsigned number = 0;
    return getrandom(&number, sizeof number, 0) == sizeof number ? number : 4;
}

// OpenSSL's. It does without coroutines where there are none.
int getcontext(void *context) { (void)context; return -1; }
int setcontext(const void *context) { (void)context; return -1; }
void makecontext(void *context, void (*start)(void), int count, ...) { (void)context; (void)start; (void)count; }
long __fdelt_chk(long descriptor) { return descriptor / (8 * (long)sizeof(long)); }
void *__memcpy_chk(void *to, const void *from, size_t count, size_t room) { (void)room; return memcpy(to, from, count); }
void *__memset_chk(void *to, int value, size_t count, size_t room) { (void)room; return memset(to, value, count); }
char *__strcat_chk(char *to, const char *from, size_t room) { (void)room; return strcat(to, from); }
int __vfprintf_chk(FILE *to, int flag, const char *format, va_list values) { (void)flag; return vfprintf(to, format, values); }

int __fprintf_chk(FILE *to, int flag, const char *format, ...)
{
    va_list values;
    (void)flag;
    va_start(values, format);
    int count = vfprintf(to, format, values);
    va_end(values);
    return count;
}

int __sprintf_chk(char *to, int flag, size_t room, const char *format, ...)
{
    va_list values;
    (void)flag;
    va_start(values, format);
    int count = vsnprintf(to, room, format, values);
    va_end(values);
    return count;
}

void __syslog_chk(int priority, int flag, const char *format, ...)
{
    va_list values;
    (void)flag;
    va_start(values, format);
    vsyslog(priority, format, values);
    va_end(values);
}
