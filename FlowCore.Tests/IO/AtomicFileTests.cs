using FlowCore.IO;
using NUnit.Framework;

namespace FlowCore.Tests.IO;

[TestFixture]
internal sealed class AtomicFileTests
{
    [Test]
    public void A_written_file_holds_the_content_and_leaves_nothing_beside()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.WriteText(folder.File("a.txt"), "first and longer");
        AtomicFile.WriteText(folder.File("a.txt"), "second");

        Assert.That(File.ReadAllText(folder.File("a.txt")), Is.EqualTo("second"));
        Assert.That(folder.Names(), Is.EqualTo(new[] { "a.txt" }));
    }

    [Test]
    public void A_writer_that_throws_leaves_the_old_file_whole()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.txt");
        File.WriteAllText(path, "old");

        Assert.That(
            () => AtomicFile.Write(path, stream =>
            {
                stream.WriteByte(1);
                throw new OperationCanceledException("stopped");
            }),
            Throws.TypeOf<OperationCanceledException>());
        Assert.That(File.ReadAllText(path), Is.EqualTo("old"));
        Assert.That(folder.Names(), Is.EqualTo(new[] { "a.txt" }));
    }

    [Test]
    public void A_full_disk_is_one_sentence_and_leaves_the_old_file_whole()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.txt");
        File.WriteAllText(path, "old");

        var error = Assert.Throws<IOException>(
            () => AtomicFile.Write(path, stream => stream.Write(new byte[5000]), inner => new FullDisk(inner, 4096)));

        Assert.That(
            error!.Message,
            Is.EqualTo(
                $"The file '{path}' could not be written (No space left on device); what was there before is unchanged."));
        Assert.That(File.ReadAllText(path), Is.EqualTo("old"));
        Assert.That(folder.Names(), Is.EqualTo(new[] { "a.txt" }));
    }

    [Test]
    public void A_missing_folder_is_named()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "none", "a.txt");

        Assert.That(
            () => AtomicFile.WriteText(path, "x"),
            Throws.InstanceOf<IOException>().With.Message.Contains($"'{Path.Combine(folder.Path, "none")}' does not exist"));
    }

    [Test]
    public void A_folder_of_that_name_is_an_error()
    {
        using var folder = new TemporaryFolder();

        Assert.That(
            () => AtomicFile.WriteText(folder.Path, "x"),
            Throws.InstanceOf<IOException>().With.Message.Contains("this name is a folder"));
    }

    [Test]
    public void A_read_only_folder_is_one_sentence()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            // The kernel's own file system refuses new files even to a privileged user.
            if (!Directory.Exists("/proc/self"))
                Assert.Ignore("No folder here is read-only for a privileged user.");

            Assert.That(
                () => AtomicFile.WriteText("/proc/self/a.txt", "x"),
                Throws.InstanceOf<IOException>().With.Message.Contains("no file can be created in the folder"));
            return;
        }

        using var folder = new TemporaryFolder();
        File.SetUnixFileMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            Assert.That(
                () => AtomicFile.WriteText(folder.File("a.txt"), "x"),
                Throws.InstanceOf<IOException>().With.Message.Contains("no file can be created in the folder"));
        }
        finally
        {
            File.SetUnixFileMode(
                folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Test]
    public void A_device_is_not_replaced()
    {
        Assume.That(File.Exists("/dev/null"), "A system with device files.");

        Assert.That(
            () => AtomicFile.WriteText("/dev/null", "x"),
            Throws.InstanceOf<IOException>().With.Message.Contains("it is a device"));
    }

    [Test]
    public void A_symbolic_link_stays_and_its_target_is_replaced()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("target"), "old");
        File.CreateSymbolicLink(folder.File("link"), folder.File("target"));

        AtomicFile.WriteText(folder.File("link"), "new");

        Assert.That(File.ReadAllText(folder.File("target")), Is.EqualTo("new"));
        Assert.That(new FileInfo(folder.File("link")).LinkTarget, Is.EqualTo(folder.File("target")));
    }

    [Test]
    public void The_mode_of_a_replaced_file_is_kept()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("Windows has no file modes.");
            return;
        }

        using var folder = new TemporaryFolder();
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.WriteAllText(folder.File("a"), "old");
        File.SetUnixFileMode(folder.File("a"), Mode);

        AtomicFile.WriteText(folder.File("a"), "new");

        Assert.That(File.GetUnixFileMode(folder.File("a")), Is.EqualTo(Mode));
    }

    /// <summary>A stream that fails as a full disk does once its room is used up.</summary>
    private sealed class FullDisk(Stream inner, long room) : Stream
    {
        public override bool CanRead => inner.CanRead;

        public override bool CanSeek => inner.CanSeek;

        public override bool CanWrite => inner.CanWrite;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => inner.Position = value;
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void SetLength(long value) => inner.SetLength(value);

        public override void Write(byte[] buffer, int offset, int count)
        {
            var fits = (int)Math.Min(count, room - inner.Length);
            inner.Write(buffer, offset, fits);
            inner.Flush();
            if (fits < count)
                throw new IOException("No space left on device");
        }
    }
}
