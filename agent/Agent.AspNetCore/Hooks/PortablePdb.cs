using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;
using System.Reflection;
using System.Reflection.Metadata;
using System.Runtime.CompilerServices;
using System.Text;

namespace Agent.AspNetCore.Hooks;

/// <summary>
/// The little of a portable PDB (dotnet/runtime, docs/design/specs/PortablePdb-Metadata.md) that it takes to find where a method begins:
/// two tables and the first sequence point, read where they lie, because the PDB of a large app has megabytes. System.Reflection.Metadata can do
/// this and everything else, but loading it adds 2 MB to every traced app, a fifth of what the agent may add.
/// </summary>
sealed class PortablePdb : IDisposable
{
    const int DocumentTable = 0x30, MethodDebugInformationTable = 0x31, CodeView = 2, Embedded = 17;

    /// <summary>What is enough for the metadata's root with its streams, and for the head of the tables.</summary>
    const int HeadLength = 512;

    readonly Stream _file;
    readonly byte[] _assembly; // what it says of the one it belongs to (the stream #Pdb): an id, the entry point, the rows of its tables
    readonly int _blobs, _documents, _methods, _documentRows, _methodRows, _blobIndex, _guidIndex;

    /// <param name="file">Is closed with this, also if it is no PDB.</param>
    /// <exception cref="BadImageFormatException">It is not a portable PDB.</exception>
    PortablePdb(Stream file)
    {
        _file = file;
        try
        {
            var root = Read(file, 0, HeadLength);
            if (!root.AsSpan().StartsWith("BSJB"u8)) // a Windows PDB
                throw new BadImageFormatException("it is not a portable PDB");
            var tables = StreamIn(root, "#~"u8);
            _blobs = StreamIn(root, "#Blob"u8);
            _assembly = Read(file, StreamIn(root, "#Pdb"u8), HeadLength);
            var head = Read(file, tables, HeadLength);
            _guidIndex = (head[6] & 2) != 0 ? 4 : 2;
            _blobIndex = (head[6] & 4) != 0 ? 4 : 2;
            var present = BinaryPrimitives.ReadUInt64LittleEndian(head.AsSpan(8));
            var at = 24;
            for (var table = 0; table < 64; table++)
            {
                if ((present >> table & 1) == 0)
                    continue;
                if (table == DocumentTable)
                    _documentRows = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(at));
                else if (table == MethodDebugInformationTable)
                    _methodRows = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(at));
                at += 4;
            }
            // The first two tables of a PDB that stands alone.
            _documents = tables + at;
            _methods = _documents + _documentRows * (2 * _blobIndex + 2 * _guidIndex);
        }
        catch (Exception e)
        {
            file.Dispose();
            throw e as BadImageFormatException ?? new BadImageFormatException($"the PDB ends too soon or is damaged: {e.Message}", e);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>The PDB inside an assembly or beside it; null if there is none that belongs to it.</summary>
    /// <exception cref="BadImageFormatException">It is not a portable PDB.</exception>
    public static PortablePdb? Of(string assemblyPath)
    {
        using var file = File.OpenRead(assemblyPath);
        foreach (var (type, data) in DebugEntries(file))
        {
            if (type == Embedded && data.AsSpan().StartsWith("MPDB"u8))
                return Inflate(data);
            var path = Path.ChangeExtension(assemblyPath, ".pdb");
            if (type == CodeView && data.AsSpan().StartsWith("RSDS"u8) && File.Exists(path))
                return OpenIf(path, pdb => data.AsSpan(4, 16).SequenceEqual(pdb._assembly.AsSpan(0, 16))); // otherwise it is of another build
        }
        return null;
    }

    /// <summary>
    /// The PDB beside a single-file app, for an assembly inside it; null if there is none that belongs to it. The id of the PDB that an assembly
    /// wants is in its file, and that is not to be had; the PDB says how many rows each table of its assembly has, and that is compared.
    /// </summary>
    /// <exception cref="BadImageFormatException">It is not a portable PDB.</exception>
    public static PortablePdb? Beside(string folder, Assembly assembly)
    {
        var path = Path.Combine(folder, assembly.GetName().Name + ".pdb");
        return File.Exists(path) ? OpenIf(path, pdb => pdb.HasRowsOf(assembly)) : null;
    }

    static PortablePdb? OpenIf(string path, Func<PortablePdb, bool> belongs)
    {
        var pdb = new PortablePdb(File.OpenRead(path));
        var isKept = false;
        try
        {
            isKept = belongs(pdb);
            return isKept ? pdb : null;
        }
        finally
        {
            if (!isKept)
                pdb.Dispose();
        }
    }

    unsafe bool HasRowsOf(Assembly assembly)
    {
        if (!assembly.TryGetRawMetadata(out var blob, out var length))
            return false;
        var rows = _assembly.AsSpan(24); // a bit for each table, and the rows of those that are there
        rows = rows[..(8 + 4 * BitOperations.PopCount(BinaryPrimitives.ReadUInt64LittleEndian(rows)))];
        var metadata = new ReadOnlySpan<byte>(blob, length);
        var tables = metadata[StreamIn(metadata, "#~"u8)..];
        return tables.Slice(8, 8).SequenceEqual(rows[..8]) && tables[24..].StartsWith(rows[8..]);
    }

    /// <summary>Behind a mark and the size. A method of its own, so that System.IO.Compression is loaded only for this.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static PortablePdb Inflate(byte[] data)
    {
        var inflated = new MemoryStream();
        using (var deflated = new DeflateStream(new MemoryStream(data, 8, data.Length - 8), CompressionMode.Decompress))
            deflated.CopyTo(inflated);
        return new PortablePdb(inflated);
    }

    /// <summary>Where a method's code begins.</summary>
    /// <param name="row">The row of the method's token.</param>
    public SourceLine? FirstLine(int row)
    {
        if (row < 1 || row > _methodRows)
            return null;
        var documentIndex = _documentRows > ushort.MaxValue ? 4 : 2;
        var method = _methods + (row - 1) * (documentIndex + _blobIndex);
        var document = Index(method, documentIndex);
        var blob = Index(method + documentIndex, _blobIndex);
        if (blob == 0)
            return null;
        _file.Position = _blobs + blob;
        var length = Number();
        var end = _file.Position + length;
        Number(); // the signature of the local variables
        if (document == 0)
            document = Number();
        while (_file.Position < end)
        {
            Number(); // where in the code
            var lines = Number();
            if (lines == 0 && Number() == 0)
                continue; // a hidden sequence point
            if (lines != 0)
                Number(); // columns
            var line = Number();
            return new SourceLine(DocumentName(document), line);
        }
        return null;
    }

    /// <summary>Parts in the blob heap, joined by a separator.</summary>
    string DocumentName(int row)
    {
        _file.Position = _blobs + Index(_documents + (row - 1) * (2 * _blobIndex + 2 * _guidIndex), _blobIndex);
        var length = Number();
        var end = _file.Position + length;
        var separator = (char)Byte();
        var parts = new List<int>();
        while (_file.Position < end)
            parts.Add(Number());
        return string.Join(separator == 0 ? "" : separator.ToString(), parts.ConvertAll(Text));
    }

    string Text(int blob)
    {
        _file.Position = _blobs + blob;
        var length = Number();
        return Encoding.UTF8.GetString(Read(_file, _file.Position, length));
    }

    /// <summary>Where a stream of the metadata is (ECMA-335 II.24.2.1).</summary>
    /// <exception cref="BadImageFormatException">There is none of that name.</exception>
    static int StreamIn(ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> name)
    {
        var at = 16 + BinaryPrimitives.ReadInt32LittleEndian(metadata[12..]); // behind the version
        var count = BinaryPrimitives.ReadUInt16LittleEndian(metadata[(at + 2)..]);
        at += 4;
        for (var i = 0; i < count; i++)
        {
            var found = metadata[(at + 8)..];
            var length = found.IndexOf((byte)0);
            if (found[..length].SequenceEqual(name))
                return BinaryPrimitives.ReadInt32LittleEndian(metadata[at..]);
            at += 8 + (length + 4 & ~3);
        }
        throw new BadImageFormatException($"the metadata has no stream {Encoding.ASCII.GetString(name)}");
    }

    int Index(int at, int size)
    {
        var bytes = Read(_file, at, size);
        return size == 4 ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    /// <summary>A compressed unsigned integer (ECMA-335 II.23.2), and the position behind it.</summary>
    int Number()
    {
        var first = Byte();
        if ((first & 0x80) == 0)
            return first;
        if ((first & 0x40) == 0)
            return (first & 0x3F) << 8 | Byte();
        return (first & 0x1F) << 24 | Byte() << 16 | Byte() << 8 | Byte();
    }

    int Byte() => _file.ReadByte() is var read and >= 0 ? read : throw new EndOfStreamException();

    /// <summary>The debug directory of a PE file: type and data of each entry.</summary>
    static List<KeyValuePair<int, byte[]>> DebugEntries(FileStream file)
    {
        var entries = new List<KeyValuePair<int, byte[]>>();
        var head = Read(file, 0, 4096);
        int Word(int at) => BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(at));
        int Long(int at) => BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(at));
        var header = Long(0x3C);
        var optional = header + 24;
        var directory = optional + (Word(optional) == 0x20B ? 112 : 96) + 6 * 8;
        var (address, size) = (Long(directory), Long(directory + 4));
        var section = optional + Word(header + 20);
        for (var i = 0; i < Word(header + 6); i++, section += 40)
        {
            var start = Long(section + 12);
            if (address < start || address >= start + Long(section + 8))
                continue;
            var table = Read(file, Long(section + 20) + address - start, size);
            for (var at = 0; at + 28 <= table.Length; at += 28)
            {
                int Field(int offset) => BinaryPrimitives.ReadInt32LittleEndian(table.AsSpan(at + offset));
                if (Field(12) is CodeView or Embedded)
                    entries.Add(new(Field(12), Read(file, Field(24), Field(16))));
            }
        }
        return entries;
    }

    /// <summary>Fewer bytes where the file ends.</summary>
    static byte[] Read(Stream file, long at, int count)
    {
        var bytes = new byte[Math.Min(count, Math.Max(0, file.Length - at))];
        file.Position = at;
        file.ReadExactly(bytes);
        return bytes;
    }
}
