namespace Plotting;

/// <summary>The look of a page: one column, light and dark, wide things scroll by themselves, sober in print.</summary>
public static class PageStyle
{
    /// <summary>The style sheet.</summary>
    public const string Css =
        """
        :root{color-scheme:light dark;--ink:#1a1a1a;--paper:#fff;--soft:#595f69;--line:#c9ced6;--shade:#f3f5f8;--link:#005a9c;--ok:#00664a;--above:#a33b00}
        @media screen and (prefers-color-scheme:dark){:root{--ink:#ececec;--paper:#16191d;--soft:#a9b0ba;--line:#3f4650;--shade:#1f242a;--link:#7fc4f5;--ok:#4fd6ab;--above:#ff9a66}}
        *{box-sizing:border-box}
        html{scroll-padding-top:1rem}
        body{margin:0 auto;max-width:74rem;padding:1rem;font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;color:var(--ink);background:var(--paper);overflow-wrap:break-word}
        h1{font-size:1.8rem;line-height:1.2;margin:.6em 0 .4em}
        h2{font-size:1.4rem;line-height:1.25;margin:2.4em 0 .5em;padding-top:.6em;border-top:2px solid var(--line)}
        h3{font-size:1.12rem;margin:1.8em 0 .5em}
        p,ul,ol,dl{max-width:46rem}
        a{color:var(--link)}
        :focus-visible{outline:3px solid var(--link);outline-offset:2px}
        .skip{position:absolute;left:-999rem}
        .skip:focus{left:1rem;top:.5rem;padding:.4rem .8rem;background:var(--paper);z-index:1}
        .lead{font-size:1.08rem}
        .verdict{padding:.6rem .9rem;border-left:4px solid var(--line);background:var(--shade)}
        nav ol{columns:2 18rem;padding-left:1.4rem}
        nav ol ol{columns:auto}
        .scroll{overflow-x:auto;max-width:100%}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.92rem}
        caption{text-align:left;color:var(--soft);padding:.3rem 0}
        th,td{padding:.22rem .7rem;text-align:right;white-space:nowrap;border-bottom:1px solid var(--line)}
        th:first-child,thead th:nth-child(2),td:nth-child(2){text-align:left}
        thead th{border-bottom:2px solid var(--line);vertical-align:bottom;white-space:normal}
        tbody th{font-weight:600;position:sticky;left:0;background:var(--paper);white-space:normal;min-width:6rem}
        .wide table{font-size:.76rem}
        .wide th,.wide td{padding:.2rem .28rem}
        .ok{color:var(--ok);font-weight:600}
        .above{color:var(--above);font-weight:700}
        figure{margin:1.6rem 0 2.2rem}
        figure svg{display:block;max-width:100%;height:auto}
        figcaption{max-width:46rem;margin-top:.4rem;color:var(--soft)}
        figcaption a,figcaption code{font-size:.85rem}
        code,pre{font-family:ui-monospace,"Cascadia Mono",Menlo,Consolas,monospace}
        pre{padding:.8rem;background:var(--shade);overflow-x:auto;font-size:.85rem;line-height:1.4}
        summary{cursor:pointer;padding:.3rem 0}
        dt{font-weight:600;margin-top:.5rem}
        dd{margin:0 0 0 1.2rem}
        footer{margin-top:3rem;border-top:1px solid var(--line);color:var(--soft)}
        @media print{body{max-width:none;padding:0;font-size:10pt}nav,.skip{display:none}figure{break-inside:avoid}h2,h3{break-after:avoid}h2{break-before:page}table,.wide table{font-size:8pt}th,td{padding:.1rem .4rem}.wide table{font-size:6.2pt}.wide th,.wide td{padding:.1rem .16rem}tbody th{position:static;min-width:0;overflow-wrap:anywhere}.scroll{overflow:visible}figure svg{min-width:0!important}a{color:inherit;text-decoration:none}}
        """;
}
