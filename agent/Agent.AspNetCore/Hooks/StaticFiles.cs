using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.StaticFiles.Infrastructure;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;

namespace Agent.AspNetCore.Hooks;

/// <summary>What tells several middlewares for static files apart.</summary>
static class StaticFiles
{
    /// <summary>How the names of the types begin: files, default files, directory browsers.</summary>
    public const string Middlewares = "Microsoft.AspNetCore.StaticFiles.";

    /// <summary>«/downloads» where they are asked for by that; else where they come from, «dist» or «Embedded»; null for the web root's.</summary>
    /// <param name="binder">The framework's closure, which keeps what the middleware is made with.</param>
    [MethodImpl(MethodImplOptions.NoInlining)] // an API need not load static files
    public static string? PlaceOf(object binder)
    {
        foreach (var field in binder.GetType().GetFields(MiddlewareName.Fields))
        {
            if (field.GetValue(binder) is object[] arguments && arguments.OfType<IOptions<SharedOptionsBase>>().FirstOrDefault() is { } options)
                return PlaceOf(options.Value);
        }
        return null;
    }

    /// <summary>The same of a middleware that has been built.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static string? PlaceOfBuilt(object middleware) =>
        Slot.FieldsOf(middleware.GetType()).Select(field => field.GetValue(middleware)).OfType<SharedOptionsBase>().FirstOrDefault() is { } options ? PlaceOf(options) : null;

    static string? PlaceOf(SharedOptionsBase options) => options switch
    {
        { RequestPath.Value: { Length: > 0 } path } => path,
        { FileProvider: PhysicalFileProvider { Root: var root } } => Path.GetFileName(Path.TrimEndingDirectorySeparator(root)),
        { FileProvider: { } provider } => AppType.Shorten(CodeName.Simple(provider.GetType()), "FileProvider"),
        _ => null,
    };
}
