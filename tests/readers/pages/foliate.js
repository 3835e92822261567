// A reader made of foliate-js as its own applications are: the book in pages, notes in a popup.
import '/npm/foliate-js/view.js'
import { FootnoteHandler } from '/npm/foliate-js/footnotes.js'

// From foliate-js's reader.js: what decides about notes, colours and the length of lines.
const STYLES = `
    @namespace epub "http://www.idpf.org/2007/ops";
    html { color-scheme: light dark; }
    @media (prefers-color-scheme: dark) { a:link { color: lightblue; } }
    p, li, blockquote, dd { line-height: 1.4; text-align: justify; }
    pre { white-space: pre-wrap !important; }
    aside[epub|type~="endnote"], aside[epub|type~="footnote"],
    aside[epub|type~="note"], aside[epub|type~="rearnote"] { display: none; }
`

const frame = () => new Promise(resolve => requestAnimationFrame(resolve))

const settle = async view => {
    await view.renderer.getContents()[0].doc.fonts.ready
    await frame()
    await frame()
}

// The language that each piece of text is in, by its nearest ancestor that says so.
const languages = doc => {
    const walker = doc.createTreeWalker(doc.body, NodeFilter.SHOW_TEXT)
    const found = new Set()
    while (walker.nextNode())
        if (walker.currentNode.data.trim())
            found.add(walker.currentNode.parentElement.closest('[lang]')?.lang ?? '')
    return [...found]
}

const footnotes = new FootnoteHandler()
let view
let dialog
let popup

footnotes.addEventListener('before-render', ({ detail }) => {
    detail.view.renderer.setAttribute('flow', 'scrolled')
    detail.view.renderer.setStyles(STYLES)
    // Closed ones stay: foliate-js still measures a view after it has been taken away.
    dialog = document.createElement('dialog')
    document.body.append(dialog)
    dialog.append(detail.view)
})

footnotes.addEventListener('render', async ({ detail }) => {
    dialog.showModal() // not earlier: foliate-js measures whatever is there when its size changes
    await settle(detail.view)
    const { doc } = detail.view.renderer.getContents()[0]
    popup = {
        type: detail.type,
        hidden: detail.hidden,
        text: doc.body.innerText,
        languages: languages(doc),
        back: doc.querySelector('[role="doc-backlink"]')?.getAttribute('href') ?? null,
    }
})

const goTo = async target => {
    await view.goTo(target)
    await settle(view)
}

globalThis.reader = {
    async open(url) {
        view = document.createElement('foliate-view')
        document.body.append(view)
        await view.open(url)
        view.renderer.setStyles(STYLES)
        view.addEventListener('link', event => footnotes.handle(view.book, event))
        const { metadata, toc, landmarks, sections } = view.book
        return { metadata, toc, landmarks, sections: sections.map(({ id }) => id) }
    },
    goTo,
    // Turns to the page that a link is on, and says where on the screen its middle is.
    async find(href) {
        const { doc } = view.renderer.getContents()[0]
        const link = doc.querySelector(`a[href="${href}"]`)
        await view.renderer.scrollToAnchor(link)
        await settle(view)
        const [box] = link.getClientRects()
        const frame = doc.defaultView.frameElement.getBoundingClientRect()
        return [frame.x + box.x + box.width / 2, frame.y + box.y + box.height / 2]
    },
    pages: () => view.renderer.pages - 2, // one before the text and one behind it are its own
    text: () => view.renderer.getContents()[0].doc.body.innerText,
    count: selector => view.renderer.getContents()[0].doc.querySelectorAll(selector).length,
    // What all elements but links look like; `code` is the font that the browser gives to code.
    looks() {
        const { doc } = view.renderer.getContents()[0]
        const style = element => doc.defaultView.getComputedStyle(element)
        const all = [...doc.body.querySelectorAll('*')]
        const plain = all.filter(element => !element.closest('a') && !element.closest('math'))
        const distinct = (elements, property) =>
            [...new Set(elements.map(element => style(element)[property]))].sort()
        const root = style(doc.documentElement)
        return {
            colour: root.color,
            colours: distinct(plain, 'color'),
            backgrounds: distinct(all, 'backgroundColor'),
            size: style(doc.body).fontSize,
            font: root.fontFamily,
            fonts: distinct(plain, 'fontFamily'),
            code: distinct([...doc.querySelectorAll('pre, code')], 'fontFamily'),
        }
    },
    popup() {
        const shown = popup
        if (shown) {
            popup = undefined
            dialog.close()
        }
        return shown ?? null
    },
}
