namespace Agent.Torture;

/// <summary>
/// Whose methods are patched, in this order: for a generic method the runtime looks through all instantiations of the process, so those
/// assemblies that have many come while there are few.
/// </summary>
static class TargetAssemblies
{
    public static readonly string[] Sample = ["System.Collections", "System.Linq", "System.Text.Json"];

    public static readonly string[] All =
    [
        "System.Private.CoreLib",
        "System.Collections", "System.Collections.Concurrent", "System.Collections.Immutable", "System.Collections.NonGeneric", "System.Collections.Specialized",
        "System.Linq", "System.Linq.Parallel", "System.Linq.Queryable", "System.Linq.Expressions",
        "System.Text.Json", "System.Text.RegularExpressions", "System.Text.Encodings.Web",
        "System.Threading.Channels", "System.Threading", "System.Threading.Tasks.Parallel", "System.IO.Pipelines", "System.IO.Compression", "System.Formats.Tar",
        "System.Private.Uri", "System.Runtime.Numerics", "System.Memory", "System.Reflection.DispatchProxy", "System.Diagnostics.DiagnosticSource",
        "System.Net.Http", "System.Net.Primitives", "System.Net.Sockets", "System.Net.WebSockets", "System.Net.WebSockets.Client",
        "System.Private.Xml", "System.Private.Xml.Linq",

        "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.DependencyInjection.Abstractions",
        "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging", "Microsoft.Extensions.Options", "Microsoft.Extensions.Primitives", "Microsoft.Extensions.Caching.Memory",

        "Microsoft.AspNetCore", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.WebUtilities",
        "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Http.Abstractions", "Microsoft.AspNetCore.Http.Extensions", "Microsoft.AspNetCore.Http.Results",
        "Microsoft.AspNetCore.Routing", "Microsoft.AspNetCore.Server.Kestrel.Core", "Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets",
        "Microsoft.AspNetCore.Mvc.Abstractions", "Microsoft.AspNetCore.Mvc.Core", "Microsoft.AspNetCore.Mvc.Razor", "Microsoft.AspNetCore.Mvc.RazorPages",
        "Microsoft.AspNetCore.Mvc.TagHelpers", "Microsoft.AspNetCore.Mvc.ViewFeatures", "Microsoft.AspNetCore.Razor",
        "Microsoft.AspNetCore.SignalR.Core", "Microsoft.AspNetCore.SignalR.Common", "Microsoft.AspNetCore.SignalR.Protocols.Json", "Microsoft.AspNetCore.Http.Connections",
        "Microsoft.AspNetCore.Authentication", "Microsoft.AspNetCore.Authorization", "Microsoft.AspNetCore.Diagnostics", "Microsoft.AspNetCore.OutputCaching",
        "Microsoft.AspNetCore.ResponseCompression", "Microsoft.AspNetCore.WebSockets",

        "Microsoft.EntityFrameworkCore", "Microsoft.EntityFrameworkCore.Relational", "Microsoft.EntityFrameworkCore.Sqlite", "Microsoft.Data.Sqlite",
    ];
}
