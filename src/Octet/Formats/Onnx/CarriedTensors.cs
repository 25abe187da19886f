using Google.Protobuf;

namespace Octet.Formats.Onnx;

/// <summary>
/// Tensors inside messages that a graph does not hold but carries along (functions, training steps, sparse tensors). Their data must
/// be in the file itself, because the written file may lie in another folder.
/// </summary>
internal static class CarriedTensors
{
    /// <summary>Refuses external data anywhere in a message.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.ExternalDataInvalid"/>.</exception>
    public static void RefuseExternal(IMessage message, string place)
    {
        if (message is TensorProto { DataLocation: TensorProto.Types.DataLocation.External } tensor)
        {
            throw new OctetException(
                ErrorCodes.ExternalDataInvalid,
                $"{place}: tensor \"{tensor.Name}\" of a function, training step, list or sparse tensor has its data in another file",
                "store it in the model file");
        }

        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            if (field.FieldType != Google.Protobuf.Reflection.FieldType.Message)
            {
                continue;
            }

            switch (field.Accessor.GetValue(message))
            {
                case IMessage single:
                    RefuseExternal(single, place);
                    break;
                case System.Collections.IList several:
                    foreach (IMessage item in several)
                    {
                        RefuseExternal(item, place);
                    }

                    break;
            }
        }
    }
}
