namespace Octet.Inference.Kernels;

/// <summary>The instructions of one processor on vectors of 32-bit lanes, which every kernel is written with once. Bytes and shorts are lanes seen otherwise.</summary>
/// <typeparam name="TVector">A vector of 32-bit integers.</typeparam>
internal unsafe interface ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>Lanes of a vector: at most 16, a power of two.</summary>
    static abstract int Count { get; }

    /// <summary>The lanes at an address.</summary>
    static abstract TVector Load(void* from);

    /// <summary>Writes the lanes.</summary>
    static abstract void Store(TVector value, void* to);

    /// <summary>One value in every lane.</summary>
    static abstract TVector Create(int value);

    /// <summary>a + b.</summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>a − b.</summary>
    static abstract TVector Subtract(TVector a, TVector b);

    /// <summary>a · b, the lower 32 bits.</summary>
    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>The bits that both have.</summary>
    static abstract TVector And(TVector a, TVector b);

    /// <summary>The bits that either has.</summary>
    static abstract TVector Or(TVector a, TVector b);

    /// <summary>The lesser.</summary>
    static abstract TVector Min(TVector a, TVector b);

    /// <summary>The greater.</summary>
    static abstract TVector Max(TVector a, TVector b);

    /// <summary>All bits where a &gt; b.</summary>
    static abstract TVector Greater(TVector a, TVector b);

    /// <summary>a · 2^count; counts of 0 to 31.</summary>
    static abstract TVector ShiftLeft(TVector a, TVector count);

    /// <summary>⌊a / 2^count⌋; counts of 0 to 31.</summary>
    static abstract TVector ShiftRight(TVector a, TVector count);

    /// <summary>⌊(a · b + 2^(count − 1)) / 2^count⌋ of the 64-bit product, its lower 32 bits; counts of 1 to 62.</summary>
    static abstract TVector ProductShift(TVector a, TVector b, TVector count);

    /// <summary>sum + x₀w₀ + x₁w₁ of the two shorts in each lane, exact in 32 bits.</summary>
    static abstract TVector MultiplyAdd(TVector sum, TVector x, TVector w);

    /// <summary>Integers as the nearest 32-bit floats.</summary>
    static abstract TVector ToFloats(TVector a);

    /// <summary>Floats as integers, halves to even; for values within 32 bits.</summary>
    static abstract TVector Round(TVector floats);

    /// <summary>a · b of floats.</summary>
    static abstract TVector MultiplyFloats(TVector a, TVector b);

    /// <summary>a / b of floats.</summary>
    static abstract TVector DivideFloats(TVector a, TVector b);

    /// <summary>a · b + c of floats, rounded once.</summary>
    static abstract TVector FusedMultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>The lesser of floats.</summary>
    static abstract TVector MinFloats(TVector a, TVector b);

    /// <summary>Floats within bounds; NaN becomes either bound or stays.</summary>
    static abstract TVector ClampFloats(TVector a, TVector low, TVector high);

    /// <summary>All bits where a float is a number.</summary>
    static abstract TVector IsNumber(TVector floats);

    /// <summary>One byte for each lane.</summary>
    static abstract TVector WidenBytes(sbyte* from);

    /// <summary>Two bytes for each lane, as shorts in their order.</summary>
    static abstract TVector WidenToShorts(sbyte* from);

    /// <summary>
    /// Two bytes for each lane, as shorts in the order that <see cref="PairLow"/> and <see cref="PairHigh"/> bring back to that of memory.
    /// </summary>
    static abstract TVector WidenForPairs(sbyte* from);

    /// <summary>a − b of shorts.</summary>
    static abstract TVector SubtractShorts(TVector a, TVector b);

    /// <summary>Of two vectors of <see cref="WidenForPairs"/>: lane i holds a's and b's short i.</summary>
    static abstract TVector PairLow(TVector a, TVector b);

    /// <summary>Of two vectors of <see cref="WidenForPairs"/>: lane i holds a's and b's short i + <see cref="Count"/>.</summary>
    static abstract TVector PairHigh(TVector a, TVector b);

    /// <summary>The greater of each byte.</summary>
    static abstract TVector MaxBytes(TVector a, TVector b);

    /// <summary>
    /// Adds zero points to two rows of two vectors and writes them as bytes: sums saturate at 8 bits, then lie within bounds.
    /// </summary>
    /// <param name="a">The first half of the first row.</param>
    /// <param name="b">The second.</param>
    /// <param name="c">The first half of the second row.</param>
    /// <param name="d">The second.</param>
    /// <param name="output">What is added, and the bounds.</param>
    /// <param name="first">Where the first row goes: twice <see cref="Count"/> bytes.</param>
    /// <param name="second">Where the second goes.</param>
    static abstract void StoreBytes(TVector a, TVector b, TVector c, TVector d, OutputBounds<TVector> output, sbyte* first, sbyte* second);
}
