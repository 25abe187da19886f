namespace Octet.Calibration.Patches;

/// <summary>Asks for sampled rows of what a layer reads.</summary>
/// <param name="Layer">The layer's key.</param>
/// <param name="Tensor">Name of its input.</param>
/// <param name="Geometry">How it reads it.</param>
/// <param name="Rows">Rows wanted, ≥ 1; fewer where the samples hold fewer.</param>
public sealed record PatchRequest(string Layer, string Tensor, PatchGeometry Geometry, int Rows)
{
    /// <summary>Whether the same rows are wanted.</summary>
    internal bool IsLike(PatchRequest other)
        => Layer == other.Layer && Tensor == other.Tensor && Rows == other.Rows && Geometry.IsLike(other.Geometry);
}
