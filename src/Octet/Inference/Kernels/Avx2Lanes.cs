using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Lanes = System.Runtime.Intrinsics.Vector256<int>;

namespace Octet.Inference.Kernels;

/// <summary>AVX2 with FMA, and AVX-VNNI's products of shorts where the processor has them.</summary>
internal readonly unsafe struct Avx2Lanes : ILanes<Lanes>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported;

    public static int Count => Lanes.Count;

    [MethodImpl(Inline)]
    public static Lanes Load(void* from) => Vector256.Load((int*)from);

    [MethodImpl(Inline)]
    public static void Store(Lanes value, void* to) => Vector256.Store(value, (int*)to);

    [MethodImpl(Inline)]
    public static Lanes Create(int value) => Vector256.Create(value);

    [MethodImpl(Inline)]
    public static Lanes Add(Lanes a, Lanes b) => a + b;

    [MethodImpl(Inline)]
    public static Lanes Subtract(Lanes a, Lanes b) => a - b;

    [MethodImpl(Inline)]
    public static Lanes Multiply(Lanes a, Lanes b) => a * b;

    [MethodImpl(Inline)]
    public static Lanes And(Lanes a, Lanes b) => a & b;

    [MethodImpl(Inline)]
    public static Lanes Or(Lanes a, Lanes b) => a | b;

    [MethodImpl(Inline)]
    public static Lanes Min(Lanes a, Lanes b) => Vector256.Min(a, b);

    [MethodImpl(Inline)]
    public static Lanes Max(Lanes a, Lanes b) => Vector256.Max(a, b);

    [MethodImpl(Inline)]
    public static Lanes Greater(Lanes a, Lanes b) => Vector256.GreaterThan(a, b);

    [MethodImpl(Inline)]
    public static Lanes ShiftLeft(Lanes a, Lanes count) => Avx2.ShiftLeftLogicalVariable(a, count.AsUInt32());

    [MethodImpl(Inline)]
    public static Lanes ShiftRight(Lanes a, Lanes count) => Avx2.ShiftRightArithmeticVariable(a, count.AsUInt32());

    [MethodImpl(Inline)]
    public static Lanes ProductShift(Lanes a, Lanes b, Lanes count)
    {
        var even = Shifted(Avx2.Multiply(a, b), count.AsUInt64() & Vector256.Create(0xFFFF_FFFFUL));
        var odd = Shifted(Avx2.Multiply(Odd(a), Odd(b)), count.AsUInt64() >>> 32);
        return Avx2.Blend(even.AsInt32(), (odd << 32).AsInt32(), 0b1010_1010);
    }

    [MethodImpl(Inline)]
    public static Lanes MultiplyAdd(Lanes sum, Lanes x, Lanes w)
        => AvxVnni.IsSupported ? AvxVnni.MultiplyWideningAndAdd(sum, x.AsInt16(), w.AsInt16()) : sum + Avx2.MultiplyAddAdjacent(x.AsInt16(), w.AsInt16());

    [MethodImpl(Inline)]
    public static Lanes ToFloats(Lanes a) => Avx.ConvertToVector256Single(a).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes Round(Lanes floats) => Avx.ConvertToVector256Int32(floats.AsSingle());

    [MethodImpl(Inline)]
    public static Lanes MultiplyFloats(Lanes a, Lanes b) => (a.AsSingle() * b.AsSingle()).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes DivideFloats(Lanes a, Lanes b) => (a.AsSingle() / b.AsSingle()).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes FusedMultiplyAdd(Lanes a, Lanes b, Lanes c) => Fma.MultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes MinFloats(Lanes a, Lanes b) => Avx.Min(a.AsSingle(), b.AsSingle()).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes ClampFloats(Lanes a, Lanes low, Lanes high) => Avx.Min(Avx.Max(a.AsSingle(), low.AsSingle()), high.AsSingle()).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes IsNumber(Lanes floats) => Vector256.Equals(floats.AsSingle(), floats.AsSingle()).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes WidenBytes(sbyte* from) => Avx2.ConvertToVector256Int32(from);

    [MethodImpl(Inline)]
    public static Lanes WidenToShorts(sbyte* from) => Avx2.ConvertToVector256Int16(from).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes WidenForPairs(sbyte* from) => Avx2.Permute4x64(WidenToShorts(from).AsInt64(), 0b11_01_10_00).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes SubtractShorts(Lanes a, Lanes b) => (a.AsInt16() - b.AsInt16()).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes PairLow(Lanes a, Lanes b) => Avx2.UnpackLow(a.AsInt16(), b.AsInt16()).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes PairHigh(Lanes a, Lanes b) => Avx2.UnpackHigh(a.AsInt16(), b.AsInt16()).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes MaxBytes(Lanes a, Lanes b) => Vector256.Max(a.AsSByte(), b.AsSByte()).AsInt32();

    [MethodImpl(Inline)]
    public static void StoreBytes(Lanes a, Lanes b, Lanes c, Lanes d, OutputBounds<Lanes> output, sbyte* first, sbyte* second)
    {
        var ab = Avx2.AddSaturate(Avx2.PackSignedSaturate(a, b), output.ZeroPoints.AsInt16());
        var cd = Avx2.AddSaturate(Avx2.PackSignedSaturate(c, d), output.ZeroPoints.AsInt16());
        var bytes = Avx2.PackSignedSaturate(ab, cd);
        bytes = Vector256.Min(Vector256.Max(bytes, output.Min.AsSByte()), output.Max.AsSByte());

        // Packed within 128 bits: the four values of a, b, c and d follow each other.
        var rows = Avx2.PermuteVar8x32(bytes.AsInt32(), Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)).AsSByte();
        rows.GetLower().Store(first);
        rows.GetUpper().Store(second);
    }

    // There is no arithmetic shift of 64 bits: 2⁶³ is added before and 2^(63 − count) taken off after a logical one.
    [MethodImpl(Inline)]
    private static Vector256<long> Shifted(Vector256<long> product, Vector256<ulong> count)
    {
        var sign = Vector256.Create(long.MinValue);
        var sum = product + Avx2.ShiftLeftLogicalVariable(Vector256<long>.One, count - Vector256<ulong>.One) + sign;
        return Avx2.ShiftRightLogicalVariable(sum, count) - Avx2.ShiftRightLogicalVariable(sign, count);
    }

    [MethodImpl(Inline)]
    private static Lanes Odd(Lanes a) => (a.AsInt64() >>> 32).AsInt32();
}
