using System.Buffers;
using Google.Protobuf;
using Octet.Numerics;

namespace Octet.Formats.Onnx;

/// <summary>Gives initializers data of the right length without bytes, so that a message's size can be told before its data are read or computed.</summary>
internal sealed class HollowTensors() : ExternalDataLayout(string.Empty, 1)
{
    /// <inheritdoc/>
    public override TensorProto? TryTake(Tensor tensor, string name)
    {
        if (tensor.Type == ElementType.String)
        {
            return null;
        }

        var proto = TensorCodec.WriteHeader(tensor, name);
        proto.RawData = UnsafeByteOperations.UnsafeWrap(new Hollow(checked((int)tensor.Storage.Length)).Memory);
        return proto;
    }

    private sealed class Hollow(int length) : MemoryManager<byte>
    {
        public override Memory<byte> Memory => CreateMemory(length);

        public override Span<byte> GetSpan() => throw new NotSupportedException("These data have a length only.");

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException("These data have a length only.");

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
