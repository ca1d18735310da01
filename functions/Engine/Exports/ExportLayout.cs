using System.IO.Hashing;
using System.Text;

namespace IntegrationPoints.Engine.Exports;

/// <summary>
/// Gives every document its volume, its folders and its names, one after the other: <c>{volume}/IMAGES|NATIVES|TEXT/{prefix}{number}/{file}</c>.
/// One number is shared by all kinds; a document never splits. Nothing but the settings and the documents before decides, so that
/// the same list is always laid out alike.
/// </summary>
public sealed class ExportLayout
{
    private const long Megabyte = 1024 * 1024;

    private readonly ExportSettings settings;
    private readonly HashSet<ulong> names;
    private readonly Dictionary<ulong, int> repeats;
    private long volume, bytes, subdirectory, images, natives, texts;
    private bool holdsFiles;

    /// <summary>Goes on where <paramref name="state"/> was taken.</summary>
    public ExportLayout(ExportSettings settings, LayoutState state)
    {
        this.settings = settings;
        (volume, bytes, holdsFiles, subdirectory) = (state.Volume, state.Bytes, state.HoldsFiles, state.Subdirectory);
        (images, natives, texts) = (state.Images, state.Natives, state.Texts);
        names = LayoutState.HashesOf(state.Names);
        repeats = new(state.Repeats);
    }

    /// <summary>How far it has come.</summary>
    public LayoutState State => new()
    {
        Volume = volume,
        Bytes = bytes,
        HoldsFiles = holdsFiles,
        Subdirectory = subdirectory,
        Images = images,
        Natives = natives,
        Texts = texts,
        Names = LayoutState.BytesOf(names),
        Repeats = new SortedDictionary<ulong, int>(repeats),
    };

    /// <summary>Where the files of the next document go.</summary>
    public LaidOutDocument Next(ListedDocument document)
    {
        var ending = ExportNames.EndingOf(settings.ImageOutput);
        var imageFiles = document.Images is not { Files: > 0 } set ? 0 : ending is null ? set.Files : 1;
        var size = (document.Native?.Bytes ?? 0) + (document.Text?.Bytes ?? 0) + (imageFiles == 0 ? 0 : document.Images!.Bytes);
        MakeRoom(imageFiles, document.Native is null ? 0 : 1, document.Text is null ? 0 : 1, size);

        var label = ExportNames.Label(settings.Volume.Prefix, volume, settings.Volume.Digits);
        var laidOut = new LaidOutDocument { Document = document, Volume = label };
        if (imageFiles == 0 && document.Native is null && document.Text is null) return laidOut;
        var name = ExportNames.Document(settings, document);
        if (imageFiles == 0) ending = null;
        var number = FreeNumber(Hash("document", name), n => FilesOf(document, name, n, ending));
        return laidOut with
        {
            NativePath = document.Native is null ? null : $"{Folder(label, ExportNames.Natives, settings.NativePrefix)}/{NativeFile(document, name, number)}",
            TextPath = document.Text is null ? null : $"{Folder(label, ExportNames.Texts, settings.TextPrefix)}/{ExportNames.TextFile(name, number)}",
            ImageFolder = imageFiles == 0 ? null : Folder(label, ExportNames.Images, settings.ImagePrefix),
            ImageName = ending is null ? null : ExportNames.ImageFile(name, ending, number)[..^(ending.Length + 1)],
            ImageNames = ending is null && imageFiles > 0 ? PageNames(document.Images!.Names) : null,
        };
    }

    private void MakeRoom(int newImages, int newNatives, int newTexts, long size)
    {
        if (holdsFiles && bytes + size > settings.Volume.MaxMegabytes * Megabyte)
        {
            (volume, bytes, holdsFiles) = (volume + 1, 0, false);
            Open(settings.Subdirectory.Start);
        }
        if (IsOver(images, newImages) || IsOver(natives, newNatives) || IsOver(texts, newTexts)) Open(subdirectory + 1);
        (images, natives, texts) = (images + newImages, natives + newNatives, texts + newTexts);
        bytes += size;
        holdsFiles |= newImages + newNatives + newTexts > 0;
    }

    private bool IsOver(long held, int more) => held > 0 && held + more > settings.Subdirectory.MaxFiles;

    private void Open(long number)
    {
        (subdirectory, images, natives, texts) = (number, 0, 0, 0);
        names.Clear();
        repeats.Clear();
    }

    private string Folder(string label, string kind, string prefix)
        => $"{label}/{kind}/{ExportNames.Label(prefix, subdirectory, settings.Subdirectory.Digits)}";

    // The first number behind the name with which none of its files is there yet; they are there from now on.
    private int FreeNumber(ulong name, Func<int, IEnumerable<ulong>> filesWith)
    {
        for (var number = repeats.TryGetValue(name, out var last) ? last + 1 : 1; ; number++)
        {
            var files = filesWith(number).ToList();
            if (files.Any(names.Contains)) continue;
            names.UnionWith(files);
            if (number > 1) repeats[name] = number;
            return number;
        }
    }

    private static IEnumerable<ulong> FilesOf(ListedDocument document, string name, int number, string? imageEnding)
    {
        if (document.Native is not null) yield return Hash(ExportNames.Natives, NativeFile(document, name, number));
        if (document.Text is not null) yield return Hash(ExportNames.Texts, ExportNames.TextFile(name, number));
        if (imageEnding is not null) yield return Hash(ExportNames.Images, ExportNames.ImageFile(name, imageEnding, number));
    }

    private static string NativeFile(ListedDocument document, string name, int number)
        => ExportNames.File(name, ExportNames.EndingOf(document.Native!.Name), number);

    // Null: every page has the name that follows from its id.
    private string[]? PageNames(IReadOnlyList<string>? pageIds)
    {
        if (pageIds is null) return null;
        var isPlain = true;
        var pages = new string[pageIds.Count];
        for (var i = 0; i < pages.Length; i++)
        {
            var id = pageIds[i];
            var number = FreeNumber(Hash("page", ExportNames.Page(id)), n => [Hash(ExportNames.Images, ExportNames.Page(id, n))]);
            pages[i] = ExportNames.Page(id, number);
            isPlain &= number == 1;
        }
        return isPlain ? null : pages;
    }

    // Names differ only when they do without regard to case and to how accents are written.
    private static ulong Hash(string kind, string name)
        => XxHash64.HashToUInt64(Encoding.UTF8.GetBytes($"{kind}/{name.Normalize(NormalizationForm.FormC).ToUpperInvariant()}"));
}
