using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Octet.Numerics;

/// <summary>
/// An immutable tensor: element type, shape, and values in row-major order, little-endian, sub-byte types packed with the first
/// element in the low bits. Strings are kept as byte strings.
/// </summary>
public sealed class Tensor
{
    private readonly TensorStorage storage;
    private readonly ImmutableArray<ReadOnlyMemory<byte>> strings;

    /// <summary>Makes a tensor over stored bytes.</summary>
    /// <exception cref="ArgumentException">The storage's length is not what type and shape need.</exception>
    public Tensor(ElementType type, Shape shape, TensorStorage storage)
    {
        ArgumentNullException.ThrowIfNull(storage);
        if (type.BitWidth() == 0)
        {
            throw new ArgumentException($"Elements of type {type} have no fixed width.", nameof(type));
        }

        long needed = type.ByteCount(shape.Count);
        if (storage.Length != needed)
        {
            throw new ArgumentException($"A {type} tensor {shape} takes {needed} bytes, but there are {storage.Length}.", nameof(storage));
        }

        Type = type;
        Shape = shape;
        this.storage = storage;
    }

    /// <summary>Makes a tensor of strings.</summary>
    /// <exception cref="ArgumentException">The number of strings is not the shape's.</exception>
    public Tensor(Shape shape, ImmutableArray<ReadOnlyMemory<byte>> strings)
    {
        if (strings.Length != shape.Count)
        {
            throw new ArgumentException($"A tensor {shape} holds {shape.Count} strings, but there are {strings.Length}.", nameof(strings));
        }

        Type = ElementType.String;
        Shape = shape;
        storage = TensorStorage.FromMemory(default);
        this.strings = strings;
    }

    /// <summary>Type of the elements.</summary>
    public ElementType Type { get; }

    /// <summary>Dimensions.</summary>
    public Shape Shape { get; }

    /// <summary>Number of elements.</summary>
    public long Count => Shape.Count;

    /// <summary>The raw bytes; empty for strings.</summary>
    public TensorStorage Storage => storage;

    /// <summary>The strings of a string tensor, else empty.</summary>
    public ImmutableArray<ReadOnlyMemory<byte>> Strings => strings.IsDefault ? [] : strings;

    /// <summary>Makes a tensor over an array, which must not be changed afterwards.</summary>
    /// <exception cref="ArgumentException">The array's length is not the shape's count.</exception>
    public static Tensor FromArray<T>(T[] values, Shape shape)
        where T : unmanaged
        => FromArray(ElementTypes.Of<T>(), values, shape);

    /// <summary>Makes a tensor over an array of the raw representation of another type (bytes for packed 4-bit values, say).</summary>
    /// <exception cref="ArgumentException">The array's size is not what type and shape need.</exception>
    public static Tensor FromArray<T>(ElementType type, T[] values, Shape shape)
        where T : unmanaged
        => new(type, shape, TensorStorage.FromMemory(values is byte[] bytes ? bytes : new ArrayBytes<T>(values).Memory));

    /// <summary>A tensor of one element without dimensions.</summary>
    public static Tensor Scalar<T>(T value)
        where T : unmanaged
        => FromArray([value], default);

    /// <summary>All values as <typeparamref name="T"/>, whose size must be the element's (several packed elements for sub-byte types).</summary>
    /// <exception cref="InvalidOperationException">The element type has another width, or the tensor exceeds 2 GB.</exception>
    public ReadOnlySpan<T> AsSpan<T>()
        where T : unmanaged
    {
        int width = Type.BitWidth();
        if (width == 0 || (width >= 8 ? width / 8 : 1) != Marshal.SizeOf<T>() && typeof(T) != typeof(bool) && typeof(T) != typeof(byte))
        {
            throw new InvalidOperationException($"A tensor of {Type} cannot be read as {typeof(T).Name}.");
        }

        if (storage.Length > int.MaxValue)
        {
            throw new InvalidOperationException($"A tensor of {storage.Length} bytes does not fit one span; read it in slices.");
        }

        return MemoryMarshal.Cast<byte, T>(storage.Slice(0, (int)storage.Length));
    }

    /// <summary>The values as 32-bit floats, converted where the type is another number type.</summary>
    /// <exception cref="InvalidOperationException">The type is not a number type that Octet reads, or there are more than 2³¹ elements.</exception>
    public float[] ToFloats() => Type switch
    {
        ElementType.Float32 => AsSpan<float>().ToArray(),
        ElementType.Float64 => Convert<double>(v => (float)v),
        ElementType.Float16 => Convert<Half>(v => (float)v),
        ElementType.BFloat16 => Convert<ushort>(v => BitConverter.UInt32BitsToSingle((uint)v << 16)),
        ElementType.UInt8 => Convert<byte>(v => v),
        ElementType.Int8 => Convert<sbyte>(v => v),
        ElementType.UInt16 => Convert<ushort>(v => v),
        ElementType.Int16 => Convert<short>(v => v),
        ElementType.UInt32 => Convert<uint>(v => v),
        ElementType.Int32 => Convert<int>(v => v),
        ElementType.UInt64 => Convert<ulong>(v => v),
        ElementType.Int64 => Convert<long>(v => v),
        ElementType.Boolean => Convert<byte>(v => v),
        ElementType.Int4 or ElementType.UInt4 => Array.ConvertAll(Nibbles(), v => (float)v),
        _ => throw new InvalidOperationException($"A tensor of {Type} cannot be read as numbers."),
    };

    /// <summary>The values of an integer tensor as 64-bit integers.</summary>
    /// <exception cref="InvalidOperationException">The type is not Int64, Int32 or a narrower integer.</exception>
    public long[] ToInt64s() => Type switch
    {
        ElementType.Int64 => AsSpan<long>().ToArray(),
        ElementType.Int32 => Convert<int, long>(v => v),
        ElementType.Int16 => Convert<short, long>(v => v),
        ElementType.Int8 => Convert<sbyte, long>(v => v),
        ElementType.UInt8 => Convert<byte, long>(v => v),
        ElementType.UInt16 => Convert<ushort, long>(v => v),
        ElementType.UInt32 => Convert<uint, long>(v => v),
        ElementType.Int4 or ElementType.UInt4 => Nibbles(),
        _ => throw new InvalidOperationException($"A tensor of {Type} cannot be read as integers."),
    };

    /// <summary>The same bytes under another shape of the same count.</summary>
    /// <exception cref="ArgumentException">The counts differ.</exception>
    public Tensor Reshape(Shape shape) => Type == ElementType.String ? new Tensor(shape, strings) : new Tensor(Type, shape, storage);

    /// <summary>Type and shape, for messages: <c>Float32[1,3,224,224]</c>.</summary>
    public override string ToString() => $"{Type}{Shape}";

    // Two a byte, the first in the low half.
    private long[] Nibbles()
    {
        var bytes = AsSpan<byte>();
        var result = new long[Count];
        for (int i = 0; i < result.Length; i++)
        {
            int nibble = (bytes[i / 2] >> (i % 2 * 4)) & 15;
            result[i] = Type == ElementType.Int4 && nibble > 7 ? nibble - 16 : nibble;
        }

        return result;
    }

    private float[] Convert<T>(Func<T, float> convert)
        where T : unmanaged
        => Convert<T, float>(convert);

    private TResult[] Convert<T, TResult>(Func<T, TResult> convert)
        where T : unmanaged
    {
        var source = AsSpan<T>();
        var result = new TResult[source.Length];
        for (int i = 0; i < source.Length; i++)
        {
            result[i] = convert(source[i]);
        }

        return result;
    }

    /// <summary>Shows an array of any primitive as bytes without copying it.</summary>
    private sealed class ArrayBytes<T>(T[] values) : System.Buffers.MemoryManager<byte>
        where T : unmanaged
    {
        public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(values.AsSpan());

        public override System.Buffers.MemoryHandle Pin(int elementIndex = 0)
        {
            var handle = GCHandle.Alloc(values, GCHandleType.Pinned);
            unsafe
            {
                return new System.Buffers.MemoryHandle((byte*)handle.AddrOfPinnedObject() + elementIndex, handle, this);
            }
        }

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
