using Octet.Graphs;

namespace Octet.Inference;

/// <summary>A model that can be run: a file, or a graph in memory. Both convert to it by themselves.</summary>
public sealed class ModelSource
{
    private readonly Func<FloatSessionOptions?, FloatSession> open;

    private ModelSource(Func<FloatSessionOptions?, FloatSession> open)
    {
        this.open = open;
    }

    /// <summary>A model file.</summary>
    public static implicit operator ModelSource(string path) => FromFile(path);

    /// <summary>A model in memory.</summary>
    public static implicit operator ModelSource(Model model) => FromModel(model);

    /// <summary>A model file.</summary>
    public static ModelSource FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new ModelSource(options => File.Exists(path)
            ? FloatSession.Open(path, options)
            : throw new OctetException(ErrorCodes.ModelNotReadable, $"there is no model file \"{path}\"", "check the path"));
    }

    /// <summary>A model in memory.</summary>
    public static ModelSource FromModel(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new ModelSource(options => new FloatSession(model, options));
    }

    /// <summary>Opens a session, to be disposed by the caller.</summary>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.ModelNotReadable"/>, <see cref="ErrorCodes.RuntimeRefusedModel"/>, or a model of more than 2 GB cannot be written for the session.</exception>
    public FloatSession Open(FloatSessionOptions? options = null) => open(options);
}
