namespace Octet.Formats.Onnx;

/// <summary>
/// Walks over the bytes of a model before anything is made of them. What is no message is refused with its place; so is what would
/// take far more memory than its size suggests: two bytes of a file can become a kilobyte of objects. Tensor data are stepped over,
/// so a model of any size costs as much as its graph.
/// </summary>
internal static class WireScan
{
    /// <summary>Messages within messages; the protobuf library gives up at the same depth.</summary>
    public const int MaximumDepth = 100;

    // Ten times the file and 200 MB are what a process may take in all. The runtime itself needs some 40 MB; the rest is room for the collector.
    private const long MemoryPerByte = 9;
    private const long MemoryForAny = 120L << 20;

    /// <summary>Checks the bytes of a <c>ModelProto</c>.</summary>
    /// <exception cref="OctetException">They are no message, nested too deeply, or hold too many elements.</exception>
    public static void Check(ReadOnlySpan<byte> bytes, string place)
    {
        if (bytes.IsEmpty)
        {
            throw OnnxErrors.Malformed(place, "it is empty");
        }

        long available = (bytes.Length * MemoryPerByte) + MemoryForAny;
        long needed = Measure(bytes, place, available);
        if (needed > available)
        {
            throw new OctetException(
                ErrorCodes.ModelTooManyElements,
                $"{place}: it has {bytes.Length} bytes, but so many small elements that reading it would take more than {available} bytes of memory",
                "the file is damaged or made to exhaust memory; a graph as large as this needs its weights in the file");
        }
    }

    /// <summary>Bytes of memory that a <c>ModelProto</c> takes, all in all, until a graph has been made of it; the count ends where it exceeds <paramref name="limit"/>.</summary>
    /// <exception cref="OctetException">The bytes are no message, or nested too deeply.</exception>
    public static long Measure(ReadOnlySpan<byte> bytes, string place, long limit)
    {
        // The file itself is in memory, too.
        long memory = bytes.Length;
        var enclosing = new Frame[MaximumDepth];
        int depth = 0;
        var frame = new Frame(WireMessage.Model, bytes.Length);
        int position = 0;
        while (memory <= limit)
        {
            if (position == frame.End)
            {
                if (depth == 0)
                {
                    break;
                }

                frame = enclosing[--depth];
                continue;
            }

            int start = position;
            ulong tag = ReadVarint(bytes, ref position, frame.End, place);
            if (tag is < 8 or > uint.MaxValue)
            {
                throw Damaged(place, start, "names a field that no message has");
            }

            uint number = (uint)tag >> 3;
            var form = (WireForm)((int)tag & 7);
            var field = WireSchema.Field(frame.Message, number);
            int length = ReadLength(form, bytes, ref position, frame.End, place);
            memory += field.IsList && frame.IsFirst(number) ? WireSchema.FirstOfList : 0;
            if (form == WireForm.Delimited && field.Kind == WireFieldKind.Message)
            {
                memory += field.Memory;
                if (depth == MaximumDepth)
                {
                    throw new OctetException(
                        ErrorCodes.ModelTooDeep,
                        $"{place}: at byte {start}, messages are nested more than {MaximumDepth} deep",
                        "the file is damaged, or its graphs lie within each other more than 30 deep");
                }

                enclosing[depth++] = frame;
                frame = new Frame(field.Inner, position + length);
                continue;
            }

            if (field.Kind == WireFieldKind.PackedBytes && form != WireForm.Delimited)
            {
                throw Damaged(place, start, "begins a number of a tensor that stands by itself; ONNX has them packed");
            }

            memory += field.MemoryOf(form, bytes.Slice(position, length));
            position += length;
        }

        return memory;
    }

    // Steps over the value of a varint, so that every form is a number of bytes from where the position then is.
    private static int ReadLength(WireForm form, ReadOnlySpan<byte> bytes, ref int position, int end, string place)
    {
        int start = position;
        ulong length;
        switch (form)
        {
            case WireForm.Varint:
                ReadVarint(bytes, ref position, end, place);
                return 0;
            case WireForm.Fixed64:
                length = 8;
                break;
            case WireForm.Fixed32:
                length = 4;
                break;
            case WireForm.Delimited:
                length = ReadVarint(bytes, ref position, end, place);
                break;
            default:
                throw Damaged(place, start, $"begins a value of wire type {(int)form}, which ONNX does not have");
        }

        return length <= (ulong)(end - position)
            ? (int)length
            : throw Damaged(place, start, $"begins a value of {length} bytes, but only {end - position} are left: the file is cut off or damaged there");
    }

    private static ulong ReadVarint(ReadOnlySpan<byte> bytes, ref int position, int end, string place)
    {
        int start = position;
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (position == end)
            {
                throw Damaged(place, start, "begins a number that is cut off");
            }

            byte next = bytes[position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Damaged(place, start, "begins a number of more than 10 bytes");
    }

    private static OctetException Damaged(string place, int position, string problem) => OnnxErrors.Malformed(place, $"byte {position} {problem}");

    private struct Frame(WireMessage message, int end)
    {
        private uint seen;

        public WireMessage Message { get; } = message;

        public int End { get; } = end;

        /// <summary>Whether a list of this message, all of which have numbers up to 31, had no element so far.</summary>
        public bool IsFirst(uint number)
        {
            uint bit = 1u << (int)number;
            bool isFirst = (seen & bit) == 0;
            seen |= bit;
            return isFirst;
        }
    }
}
