using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Lanes = System.Runtime.Intrinsics.Vector512<int>;

namespace Octet.Inference.Kernels;

/// <summary>AVX-512 F, BW, DQ and VL. The runtime offers no VNNI of 512 bits; pairs of shorts are multiplied instead, which is exact, too.</summary>
internal readonly unsafe struct Avx512Lanes : ILanes<Lanes>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public static bool IsSupported => Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512F.VL.IsSupported;

    public static int Count => Lanes.Count;

    [MethodImpl(Inline)]
    public static Lanes Load(void* from) => Vector512.Load((int*)from);

    [MethodImpl(Inline)]
    public static void Store(Lanes value, void* to) => Vector512.Store(value, (int*)to);

    [MethodImpl(Inline)]
    public static Lanes Create(int value) => Vector512.Create(value);

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
    public static Lanes Min(Lanes a, Lanes b) => Vector512.Min(a, b);

    [MethodImpl(Inline)]
    public static Lanes Max(Lanes a, Lanes b) => Vector512.Max(a, b);

    [MethodImpl(Inline)]
    public static Lanes Greater(Lanes a, Lanes b) => Vector512.GreaterThan(a, b);

    [MethodImpl(Inline)]
    public static Lanes ShiftLeft(Lanes a, Lanes count) => Avx512F.ShiftLeftLogicalVariable(a, count.AsUInt32());

    [MethodImpl(Inline)]
    public static Lanes ShiftRight(Lanes a, Lanes count) => Avx512F.ShiftRightArithmeticVariable(a, count.AsUInt32());

    [MethodImpl(Inline)]
    public static Lanes ProductShift(Lanes a, Lanes b, Lanes count)
    {
        var even = Shifted(Avx512F.Multiply(a, b), count.AsUInt64() & Vector512.Create(0xFFFF_FFFFUL));
        var odd = Shifted(Avx512F.Multiply(Odd(a), Odd(b)), count.AsUInt64() >>> 32);
        return Vector512.ConditionalSelect(Vector512.Create(0xFFFF_FFFFL), even, odd << 32).AsInt32();
    }

    [MethodImpl(Inline)]
    public static Lanes MultiplyAdd(Lanes sum, Lanes x, Lanes w) => sum + Avx512BW.MultiplyAddAdjacent(x.AsInt16(), w.AsInt16());

    [MethodImpl(Inline)]
    public static Lanes ToFloats(Lanes a) => Avx512F.ConvertToVector512Single(a).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes Round(Lanes floats) => Avx512F.ConvertToVector512Int32(floats.AsSingle());

    [MethodImpl(Inline)]
    public static Lanes MultiplyFloats(Lanes a, Lanes b) => (a.AsSingle() * b.AsSingle()).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes DivideFloats(Lanes a, Lanes b) => (a.AsSingle() / b.AsSingle()).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes FusedMultiplyAdd(Lanes a, Lanes b, Lanes c) => Avx512F.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes MinFloats(Lanes a, Lanes b) => Avx512F.Min(a.AsSingle(), b.AsSingle()).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes ClampFloats(Lanes a, Lanes low, Lanes high) => Avx512F.Min(Avx512F.Max(a.AsSingle(), low.AsSingle()), high.AsSingle()).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes IsNumber(Lanes floats) => Vector512.Equals(floats.AsSingle(), floats.AsSingle()).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes WidenBytes(sbyte* from) => Avx512F.ConvertToVector512Int32(Vector128.Load(from));

    [MethodImpl(Inline)]
    public static Lanes WidenToShorts(sbyte* from) => Avx512BW.ConvertToVector512Int16(Vector256.Load(from)).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes WidenForPairs(sbyte* from)
        => Avx512F.PermuteVar8x64(WidenToShorts(from).AsInt64(), Vector512.Create(0L, 4, 1, 5, 2, 6, 3, 7)).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes SubtractShorts(Lanes a, Lanes b) => (a.AsInt16() - b.AsInt16()).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes PairLow(Lanes a, Lanes b) => Avx512BW.UnpackLow(a.AsInt16(), b.AsInt16()).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes PairHigh(Lanes a, Lanes b) => Avx512BW.UnpackHigh(a.AsInt16(), b.AsInt16()).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes MaxBytes(Lanes a, Lanes b) => Vector512.Max(a.AsSByte(), b.AsSByte()).AsInt32();

    [MethodImpl(Inline)]
    public static void StoreBytes(Lanes a, Lanes b, Lanes c, Lanes d, OutputBounds<Lanes> output, sbyte* first, sbyte* second)
    {
        var ab = Avx512BW.AddSaturate(Avx512BW.PackSignedSaturate(a, b), output.ZeroPoints.AsInt16());
        var cd = Avx512BW.AddSaturate(Avx512BW.PackSignedSaturate(c, d), output.ZeroPoints.AsInt16());
        var bytes = Avx512BW.PackSignedSaturate(ab, cd);
        bytes = Vector512.Min(Vector512.Max(bytes, output.Min.AsSByte()), output.Max.AsSByte());

        // Packed within 128 bits: the four values of a, b, c and d follow each other.
        var rows = Avx512F.PermuteVar16x32(bytes.AsInt32(), Vector512.Create(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15)).AsSByte();
        rows.GetLower().Store(first);
        rows.GetUpper().Store(second);
    }

    [MethodImpl(Inline)]
    private static Vector512<long> Shifted(Vector512<long> product, Vector512<ulong> count)
        => Avx512F.ShiftRightArithmeticVariable(product + Avx512F.ShiftLeftLogicalVariable(Vector512<long>.One, count - Vector512<ulong>.One), count);

    [MethodImpl(Inline)]
    private static Lanes Odd(Lanes a) => (a.AsInt64() >>> 32).AsInt32();
}
