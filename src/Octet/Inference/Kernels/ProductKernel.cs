namespace Octet.Inference.Kernels;

/// <summary>
/// Products of rows of inputs with constant weights. Zero points are taken off before, so that padding is 0 and no sum needs correction.
/// A block of rows stays in the first-level cache while all panels of weights pass.
/// </summary>
internal sealed unsafe class ProductKernel<T, TVector> : Kernel
    where T : ILanes<TVector>
    where TVector : unmanaged
{
    private const int BlockShorts = 8192;
    private const int MostTiles = 8;

    private readonly ProductRows rows;
    private readonly int count;
    private readonly PackedWeights weights;
    private readonly Requantizer requantizer;
    private readonly sbyte* y;
    private readonly int stride;
    private readonly int block;
    private readonly AlignedMemory<short> staged;
    private readonly AlignedMemory<int> sums;

    /// <summary>Prepares a product.</summary>
    /// <param name="rows">The inputs.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="requantizer">What becomes of sums.</param>
    /// <param name="y">Rows of outputs.</param>
    /// <param name="stride">Bytes of a row of outputs, all of which are written.</param>
    public ProductKernel(ProductRows rows, int count, PackedWeights weights, Requantizer requantizer, sbyte* y, int stride)
    {
        this.rows = rows;
        this.count = count;
        this.weights = weights;
        this.requantizer = requantizer;
        this.y = y;
        this.stride = stride;
        int tile = ProductTile.RowsFor<T, TVector>();
        block = Math.Clamp(BlockShorts / Math.Max(rows.Length, 1) / tile, 1, MostTiles) * tile;
        staged = new AlignedMemory<short>((block + tile) * rows.Length);
        sums = new AlignedMemory<int>(tile * weights.PanelWidth);
    }

    /// <inheritdoc/>
    public override void Run()
    {
        int tile = ProductTile.RowsFor<T, TVector>();
        int length = rows.Length;
        for (int first = 0; first < count; first += block)
        {
            int height = Math.Min(block, count - first);
            rows.Stage(first, height, staged.Start);
            for (int panel = 0; panel < weights.Panels; panel++)
            {
                int channel = panel * weights.PanelWidth;
                int columns = Math.Min(weights.PanelWidth, stride - channel);
                for (int r = 0; r < height; r += tile)
                {
                    int some = Math.Min(tile, height - r);
                    ProductTile.Run<T, TVector>(staged.Start + (r * length), length, some, weights, panel, columns, sums.Start);
                    requantizer.Run(sums.Start, weights.PanelWidth, some, columns, channel, y + ((long)(first + r) * stride) + channel, stride);
                }
            }
        }
    }
}
