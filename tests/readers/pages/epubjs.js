// The smallest reader that epub.js makes: one page at a time.
let book
let rendition

const relocated = () => new Promise(resolve => rendition.once('relocated', resolve))

const shown = () => rendition.getContents()[0].document

globalThis.reader = {
    async open(url) {
        book = ePub(url)
        rendition = book.renderTo('book', { width: '100%', height: '100%', spread: 'none' })
        await book.ready
        return {
            metadata: book.packaging.metadata,
            toc: book.navigation.toc,
            landmarks: book.navigation.landmarks,
            sections: book.spine.spineItems.map(({ href }) => href),
        }
    },
    async goTo(target) {
        const arrived = relocated()
        await rendition.display(target)
        await arrived
    },
    pages: () => rendition.currentLocation().start.displayed.total,
    text: () => shown().body.innerText,
    count: selector => shown().querySelectorAll(selector).length,
}
