using System.Runtime.InteropServices;

namespace Octet.Data.Images;

/// <summary>
/// The functions of libvips that decode pictures. libvips is set to one thread and no cache: Octet decodes in several threads of its
/// own, and a cache would make memory grow with the number of pictures.
/// </summary>
internal static unsafe partial class Vips
{
    private const int Srgb = 22;
    private const int BlackAndWhite = 1;
    private const int UnsignedChar = 0;

    private static readonly Lock ErrorLock = new();

    private static readonly Lazy<bool> Started = new(static () =>
    {
        NativeLibraries.EnsureRegistered();

        // libvips prints warnings of codecs to the error stream, where they would break the tool's own output; problems that matter
        // come back as errors.
        g_setenv("VIPS_WARNING", "0", 1);
        if (vips_init("octet") != 0)
        {
            throw new OctetException(ErrorCodes.NativeLibraryMissing, $"libvips did not start: {TakeError()}");
        }

        vips_concurrency_set(1);
        vips_cache_set_max(0);
        vips_cache_set_max_mem(0);
        vips_block_untrusted_set(1);
        return true;
    });

    /// <summary>Decodes a JPEG, PNG, WebP or TIFF file's bytes to 8 bits a channel; its dimensions are judged before its pixels are decoded.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="maxPixels">Largest number of pixels that is decoded.</param>
    /// <returns>A picture of one channel (gray files) or three (RGB, in this order; transparent places black).</returns>
    internal static DecodeOutcome Decode(ReadOnlySpan<byte> bytes, long maxPixels)
    {
        _ = Started.Value;
        fixed (byte* data = bytes)
        {
            nint image = vips_image_new_from_buffer(data, (nuint)bytes.Length, "[fail_on=error]", 0, 0, 0, 0, 0, 0);
            if (image == 0)
            {
                return new DecodeOutcome(null, TakeError(), false);
            }

            try
            {
                return DecodePixels(ref image, maxPixels);
            }
            finally
            {
                g_object_unref(image);
            }
        }
    }

    private static DecodeOutcome DecodePixels(ref nint image, long maxPixels)
    {
        long width = vips_image_get_width(image);
        long height = vips_image_get_height(image);
        if (width * height > maxPixels)
        {
            return new DecodeOutcome(null, $"{width}x{height} pixels", true);
        }

        bool alpha = vips_image_hasalpha(image) != 0;
        int space = vips_image_get_bands(image) - (alpha ? 1 : 0) == 1 ? BlackAndWhite : Srgb;
        if (vips_image_guess_interpretation(image) != space
            && !Replace(ref image, vips_colourspace(image, out nint converted, space, 0, 0, 0, 0, 0, 0), converted))
        {
            return new DecodeOutcome(null, TakeError(), false);
        }

        if (alpha && !Replace(ref image, vips_flatten(image, out nint flat, 0, 0, 0, 0, 0, 0, 0), flat))
        {
            return new DecodeOutcome(null, TakeError(), false);
        }

        if (vips_image_get_format(image) != UnsignedChar
            && !Replace(ref image, vips_cast(image, out nint bytes, UnsignedChar, 0, 0, 0, 0, 0, 0), bytes))
        {
            return new DecodeOutcome(null, TakeError(), false);
        }

        byte* memory = vips_image_write_to_memory(image, out nuint size);
        if (memory == null)
        {
            return new DecodeOutcome(null, TakeError(), false);
        }

        try
        {
            int channels = vips_image_get_bands(image);
            byte[] pixels = new ReadOnlySpan<byte>(memory, checked((int)size)).ToArray();
            return channels is 1 or 3 && pixels.Length == width * height * channels
                ? new DecodeOutcome(new Picture((int)width, (int)height, channels, pixels), null, false)
                : new DecodeOutcome(null, $"{channels} colour channels", false);
        }
        finally
        {
            g_free(memory);
        }
    }

    private static bool Replace(ref nint image, int status, nint result)
    {
        if (status != 0)
        {
            return false;
        }

        g_object_unref(image);
        image = result;
        return true;
    }

    private static string TakeError()
    {
        lock (ErrorLock)
        {
            byte* text = vips_error_buffer_copy();
            try
            {
                string message = Marshal.PtrToStringUTF8((nint)text) ?? "";
                return message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? "no reason given";
            }
            finally
            {
                g_free(text);
            }
        }
    }

    // The C functions below that end in zeros are variadic, ended by NULL. Nine register and stack slots in all, zero from the last
    // named one on, make a call without variadic support right under every calling convention that Octet meets: wherever the
    // callee looks for the first variadic argument (next register, or on the stack for macOS on arm64), it finds NULL.
    [LibraryImport(NativeLibraries.Vips, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int vips_init(string name);

    [LibraryImport(NativeLibraries.Vips, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int g_setenv(string name, string value, int overwrite);

    [LibraryImport(NativeLibraries.Vips)]
    private static partial void vips_concurrency_set(int threads);

    [LibraryImport(NativeLibraries.Vips)]
    private static partial void vips_cache_set_max(int operations);

    [LibraryImport(NativeLibraries.Vips)]
    private static partial void vips_cache_set_max_mem(nuint bytes);

    [LibraryImport(NativeLibraries.Vips)]
    private static partial void vips_block_untrusted_set(int block);

    [LibraryImport(NativeLibraries.Vips, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint vips_image_new_from_buffer(byte* data, nuint length, string options, nint end0, nint end1, nint end2, nint end3, nint end4, nint end5);

    [LibraryImport(NativeLibraries.Vips)]
    private static partial int vips_colourspace(nint image, out nint result, int space, nint end0, nint end1, nint end2, nint end3, nint end4, nint end5);

    [LibraryImport(NativeLibraries.Vips)]
    private static partial int vips_flatten(nint image, out nint result, nint end0, nint end1, nint end2, nint end3, nint end4, nint end5, nint end6);

    [LibraryImport(NativeLibraries.Vips)]
    private static partial int vips_cast(nint image, out nint result, int format, nint end0, nint end1, nint end2, nint end3, nint end4, nint end5);

    [LibraryImport(NativeLibraries.Vips)]
    private static partial byte* vips_image_write_to_memory(nint image, out nuint size);

    [LibraryImport(NativeLibraries.Vips)]
    private static partial int vips_image_get_width(nint image);

    [LibraryImport(NativeLibraries.Vips)]
    private static partial int vips_image_get_height(nint image);

    [LibraryImport(NativeLibraries.Vips)]
    private static partial int vips_image_get_bands(nint image);

    [LibraryImport(NativeLibraries.Vips)]
    private static partial int vips_image_get_format(nint image);

    [LibraryImport(NativeLibraries.Vips)]
    private static partial int vips_image_hasalpha(nint image);

    [LibraryImport(NativeLibraries.Vips)]
    private static partial int vips_image_guess_interpretation(nint image);

    [LibraryImport(NativeLibraries.Vips)]
    private static partial byte* vips_error_buffer_copy();

    [LibraryImport(NativeLibraries.Vips)]
    private static partial void g_object_unref(nint instance);

    [LibraryImport(NativeLibraries.Vips)]
    private static partial void g_free(void* memory);
}
