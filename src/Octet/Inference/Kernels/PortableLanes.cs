using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Lanes = System.Runtime.Intrinsics.Vector128<int>;

namespace Octet.Inference.Kernels;

/// <summary>Vectors of 128 bits, which the runtime has for every processor.</summary>
internal readonly unsafe struct PortableLanes : ILanes<Lanes>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public static int Count => Lanes.Count;

    [MethodImpl(Inline)]
    public static Lanes Load(void* from) => Vector128.Load((int*)from);

    [MethodImpl(Inline)]
    public static void Store(Lanes value, void* to) => Vector128.Store(value, (int*)to);

    [MethodImpl(Inline)]
    public static Lanes Create(int value) => Vector128.Create(value);

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
    public static Lanes Min(Lanes a, Lanes b) => Vector128.Min(a, b);

    [MethodImpl(Inline)]
    public static Lanes Max(Lanes a, Lanes b) => Vector128.Max(a, b);

    [MethodImpl(Inline)]
    public static Lanes Greater(Lanes a, Lanes b) => Vector128.GreaterThan(a, b);

    [MethodImpl(Inline)]
    public static Lanes ShiftLeft(Lanes a, Lanes count) => Vector128.Create(a[0] << count[0], a[1] << count[1], a[2] << count[2], a[3] << count[3]);

    [MethodImpl(Inline)]
    public static Lanes ShiftRight(Lanes a, Lanes count) => Vector128.Create(a[0] >> count[0], a[1] >> count[1], a[2] >> count[2], a[3] >> count[3]);

    [MethodImpl(Inline)]
    public static Lanes ProductShift(Lanes a, Lanes b, Lanes count)
        => Vector128.Create(Shifted(a[0], b[0], count[0]), Shifted(a[1], b[1], count[1]), Shifted(a[2], b[2], count[2]), Shifted(a[3], b[3], count[3]));

    [MethodImpl(Inline)]
    public static Lanes MultiplyAdd(Lanes sum, Lanes x, Lanes w) => sum + (((x << 16) >> 16) * ((w << 16) >> 16)) + ((x >> 16) * (w >> 16));

    [MethodImpl(Inline)]
    public static Lanes ToFloats(Lanes a) => Vector128.ConvertToSingle(a).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes Round(Lanes floats) => Vector128.ConvertToInt32(Vector128.Round(floats.AsSingle()));

    [MethodImpl(Inline)]
    public static Lanes MultiplyFloats(Lanes a, Lanes b) => (a.AsSingle() * b.AsSingle()).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes DivideFloats(Lanes a, Lanes b) => (a.AsSingle() / b.AsSingle()).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes FusedMultiplyAdd(Lanes a, Lanes b, Lanes c) => Vector128.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes MinFloats(Lanes a, Lanes b) => Vector128.Min(a.AsSingle(), b.AsSingle()).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes ClampFloats(Lanes a, Lanes low, Lanes high) => Vector128.Min(Vector128.Max(a.AsSingle(), low.AsSingle()), high.AsSingle()).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes IsNumber(Lanes floats) => Vector128.Equals(floats.AsSingle(), floats.AsSingle()).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes WidenBytes(sbyte* from) => Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(int*)from).AsSByte()));

    [MethodImpl(Inline)]
    public static Lanes WidenToShorts(sbyte* from) => Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)from).AsSByte()).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes WidenForPairs(sbyte* from) => WidenToShorts(from);

    [MethodImpl(Inline)]
    public static Lanes SubtractShorts(Lanes a, Lanes b) => (a.AsInt16() - b.AsInt16()).AsInt32();

    [MethodImpl(Inline)]
    public static Lanes PairLow(Lanes a, Lanes b) => Vector128.WidenLower(a.AsUInt16()).AsInt32() | (Vector128.WidenLower(b.AsInt16()) << 16);

    [MethodImpl(Inline)]
    public static Lanes PairHigh(Lanes a, Lanes b) => Vector128.WidenUpper(a.AsUInt16()).AsInt32() | (Vector128.WidenUpper(b.AsInt16()) << 16);

    [MethodImpl(Inline)]
    public static Lanes MaxBytes(Lanes a, Lanes b) => Vector128.Max(a.AsSByte(), b.AsSByte()).AsInt32();

    [MethodImpl(Inline)]
    public static void StoreBytes(Lanes a, Lanes b, Lanes c, Lanes d, OutputBounds<Lanes> output, sbyte* first, sbyte* second)
    {
        var ab = Vector128.AddSaturate(Vector128.NarrowWithSaturation(a, b), output.ZeroPoints.AsInt16());
        var cd = Vector128.AddSaturate(Vector128.NarrowWithSaturation(c, d), output.ZeroPoints.AsInt16());
        var bytes = Vector128.NarrowWithSaturation(ab, cd);
        bytes = Vector128.Min(Vector128.Max(bytes, output.Min.AsSByte()), output.Max.AsSByte());
        *(long*)first = bytes.AsInt64()[0];
        *(long*)second = bytes.AsInt64()[1];
    }

    [MethodImpl(Inline)]
    private static int Shifted(int a, int b, int count) => (int)((((long)a * b) + (1L << (count - 1))) >> count);
}
