/* What a Cortex-M needs before main: the vector table. newlib's crt0 does the rest, with semihosting. */
extern char stack_top[];
extern void _start(void);

static void stop(void)
{
    for (;;) {
    }
}

__attribute__((section(".vectors"), used)) static void (*const vectors[])(void) = {
    (void (*)(void))stack_top, _start, stop, stop, stop, stop, stop,
};
