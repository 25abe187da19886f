/* Counts the instructions of one run: under QEMU's -icount shift=0 an instruction takes a nanosecond, and SysTick counts 25 million times a second. */
#include <stdint.h>
#include <stdio.h>

#include NETWORK_H

#define SYSTICK_CONTROL (*(volatile uint32_t *)0xE000E010U)
#define SYSTICK_RELOAD (*(volatile uint32_t *)0xE000E014U)
#define SYSTICK_VALUE (*(volatile uint32_t *)0xE000E018U)

static int8_t input[INPUT_SIZE];
static int8_t output[OUTPUT_SIZE];

int main(void)
{
    for (int i = 0; i < INPUT_SIZE; i++) {
        input[i] = (int8_t)(i * 37 % 255 - 127);
    }

    SYSTICK_RELOAD = 0xFFFFFF;
    SYSTICK_VALUE = 0;
    SYSTICK_CONTROL = 5;
    const uint32_t before = SYSTICK_VALUE;
    NETWORK_RUN(input, output);
    const uint32_t after = SYSTICK_VALUE;
    printf("%lu\n", (unsigned long)((before - after) & 0xFFFFFF) * 40);
    return 0;
}
